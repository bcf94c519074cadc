import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commonPasswords } from "../../scripts/common-passwords.ts";
import { isCommon } from "../../src/identity/common-passwords.ts";

test("PW1 the commonest passwords are known, in any letter case, and others are not", () => {
  for (const common of ["password", "Password", "123456", "qwerty", "iloveyou"])
    expect({ common, known: isCommon(common) }).toEqual({ common, known: true });
  for (const rare of ["", "correct horse battery staple", "rollcall-demo", "7Kq!vz2M"])
    expect({ rare, known: isCommon(rare) }).toEqual({ rare, known: false });
});

test("PW1 the list is the first 10,000 of the ranked one", () => {
  const kept = readFileSync(
    join(import.meta.dir, "..", "..", "src", "identity", "common-passwords.txt"),
    "utf8",
  );
  expect(kept).toBe(commonPasswords());
});
