import { expect, test } from "bun:test";
import fc from "fast-check";
import type { z } from "zod";
import { frame, markInput } from "../../protocol/plain.ts";
import { plainFrame, plainMark, v1Mark } from "../../protocol/shortcuts.ts";
import { clientFrame } from "../../protocol/v1.ts";

/** What may stand in a field: what belongs there, what nearly does, and anything else. */
const field = fc.oneof(
  fc.constantFrom("present", "absent", "Present", "mark", "resume", "", null, undefined, 7, true),
  fc.string({ unit: "binary", maxLength: 140 }),
  fc.stringMatching(/^[0-9a-fA-F]{23,25}$/),
  fc.stringMatching(/^.{60,70}$/),
  fc.anything({ maxDepth: 1 }),
);
const id = "0123456789abcdef01234567";
/** Mostly as it should be, or there would be little to compare. */
const likely = (...right: string[]) =>
  fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 5 }, { arbitrary: field, weight: 1 });
const ids = likely(id, "auth0|7", "x".repeat(64));
const statuses = likely("present", "absent");
const KEYS = [
  "event",
  "data",
  "studentId",
  "status",
  "type",
  "id",
  "session",
  "student",
  "__proto__",
  "more",
];
const near = fc.oneof(
  fc.dictionary(fc.constantFrom(...KEYS), field),
  fc.record({ type: likely("mark"), id: ids, session: likely(id), student: ids, status: statuses }),
  fc.record({ studentId: ids, status: statuses, more: field }),
  fc.record({ event: likely("PING", "DONE"), data: field }, { requiredKeys: ["event"] }),
  fc.array(field),
  fc.anything(),
);
/** What JSON can carry: nothing else comes over the wire. */
const received = near.map((value) => {
  try {
    const parsed: unknown = JSON.parse(JSON.stringify(value) ?? "null");
    return parsed;
  } catch {
    return null;
  }
});

const mark = { type: "mark", id: "1", session: id, student: id, status: "present" };

type Shortcut<T> = readonly [
  what: string,
  short: (value: unknown) => T | undefined,
  schema: z.ZodType<T>,
  common: unknown,
];
const shortcut = <T>(...all: Shortcut<T>) => all;

test.each([
  shortcut("a plain frame", plainFrame, frame, { event: "ATTENDANCE_MARKED", data: { studentId: id } }),
  shortcut("a plain frame without data", plainFrame, frame, { event: "PING" }),
  shortcut("a mark in the plain dialect", plainMark, markInput, {
    studentId: "auth0|7",
    status: "absent",
    classId: id,
  }),
  shortcut("a mark in rollcall.v1", v1Mark, clientFrame, { ...mark, beside: 1 }),
])("P47 what the shortcut for %s gives, its schema gives", (_what, short, schema, common) => {
  expect(short(common)).toEqual(schema.parse(common));
  fc.assert(
    fc.property(received, (value) => {
      const found = short(value);
      if (found !== undefined) expect(schema.safeParse(value)).toEqual({ success: true, data: found });
    }),
    { numRuns: 2000 },
  );
});
