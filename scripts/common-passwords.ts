import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ranked from "@zxcvbn-ts/language-common/src/passwords.json";
import { COMMON_BYTES, commonHash } from "../src/identity/common-passwords.ts";

const COUNT = 10_000;

/**
 * The 10,000 commonest of a list that is ordered by how often each was found (zxcvbn's, MIT), as a text: their hashes cut
 * to five bytes, sorted. Of ten thousand other passwords one in a hundred million is taken for one of them.
 */
export function commonPasswords(): string {
  const hashes = ranked.slice(0, COUNT).map(commonHash).toSorted(Buffer.compare);
  const text = Buffer.concat(hashes, COUNT * COMMON_BYTES).toString("base64");
  return `${text.match(/.{1,120}/g)?.join("\n")}\n`;
}

if (import.meta.main)
  writeFileSync(join(import.meta.dir, "..", "src", "identity", "common-passwords.txt"), commonPasswords());
