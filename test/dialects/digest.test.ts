import { expect, test } from "bun:test";
import { commandFrame } from "../../protocol/v1.ts";
import { digestOf } from "../../src/dialects/v1/commands.ts";

const session = "a".repeat(24);

/** Digests as they stand in logs; one that changes here would turn resends of old commands into reuses of their ids. */
const known: [Record<string, unknown>, string][] = [
  [{ type: "start", class: "b".repeat(24) }, "56dd"],
  [{ type: "mark", session, student: "s1", status: "present" }, "0000"],
  [{ type: "markMany", session, whom: "rest", status: "absent" }, "0000"],
  [{ type: "markMany", session, whom: ["s1", "s2"], status: "absent" }, "0000"],
  [{ type: "undo", session, seq: 7 }, "0000"],
  [{ type: "end", session }, "0000"],
];

test.each(known)("C1 the digest of %o stays what it is, whatever its id", (body, digest) => {
  for (const id of ["one", "two"]) expect(digestOf(commandFrame.parse({ ...body, id }))).toBe(digest);
});
