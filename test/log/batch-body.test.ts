import { expect, test } from "bun:test";
import fc from "fast-check";
import { bodyOfMarks, bodySchema } from "../../src/log/batch-body.ts";

const mark = { type: "marked", student: "s1", status: "present", seq: 2, at: 3, by: "t", via: "plain" };
const command = { id: "1", digest: "d" };
const body = { session: "s", number: 1, prev: "p", writer: "w", events: [mark, { ...mark, command }] };

/** A value in the place of a field: mostly what was there, else something near it or anything; or the field is gone. */
const changed = <T extends object>(fields: T) =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        fc.oneof(
          { arbitrary: fc.constant(value), weight: 40 },
          {
            arbitrary: fc.constantFrom(0, 1, 1.5, 2 ** 60, -1, "", "absent", "x".repeat(129), null, []),
            weight: 1,
          },
          { arbitrary: fc.anything({ maxDepth: 1 }), weight: 1 },
        ),
      ]),
    ),
    { requiredKeys: [] },
  );
const most = <T extends object>(fields: T) =>
  fc.oneof({ arbitrary: fc.constant(fields), weight: 3 }, { arbitrary: changed(fields), weight: 1 });
const event = fc.oneof(
  most(mark),
  most({ ...mark, by: null, beside: 1 }),
  most(command).map((given) => ({ ...mark, command: given })),
  fc.constant({ ...mark, type: "startedAgain" }),
);
const stored = fc
  .tuple(most(body), fc.array(event, { maxLength: 4 }))
  .map(([fields, events]): unknown => JSON.parse(JSON.stringify({ ...fields, events })));

test("L10 what is recognised by hand of a stored batch is what its schema says", () => {
  expect(bodyOfMarks(body)).toEqual(bodySchema.parse(body));
  fc.assert(
    fc.property(stored, (value) => {
      const found = bodyOfMarks(value);
      if (found) expect<unknown>(bodySchema.safeParse(value)).toEqual({ success: true, data: found });
    }),
    { numRuns: 3000 },
  );
});
