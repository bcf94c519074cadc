import { expect, test } from "bun:test";
import { commandFrame } from "../../protocol/v1.ts";
import { digestOf } from "../../src/dialects/v1/commands.ts";

const session = "a".repeat(24);

/** Digests as they stand in logs; one that changes here would turn resends of old commands into reuses of their ids. */
const known: [Record<string, unknown>, string][] = [
  [{ type: "start", class: "b".repeat(24) }, "5d9d4001f9c8a026c462895c692c7fdd"],
  [{ type: "mark", session, student: "s1", status: "present" }, "dabddeee27bc86883f18a2efb8ec497f"],
  [{ type: "markMany", session, whom: "rest", status: "absent" }, "e97a8e055b477d1c8ef677c7b4b0e264"],
  [{ type: "markMany", session, whom: ["s1", "s2"], status: "absent" }, "74afcef0d8e1c1140b466017f55204b3"],
  [{ type: "undo", session, seq: 7 }, "fc20ddb40ebe018aaf1420693a6b1dbd"],
  [{ type: "end", session }, "4b7c97a6c862c706ba86c1e05e3d00ef"],
];

test.each(known)("C1 the digest of %o stays what it is, whatever its id", (body, digest) => {
  for (const id of ["one", "two"]) expect(digestOf(commandFrame.parse({ ...body, id }))).toBe(digest);
});
