import list from "./common-passwords.txt" with { type: "text" };

export const COMMON_BYTES = 5;

/** What stands in the list for a password: letter case does not make it rarer. */
export const commonHash = (password: string): Buffer =>
  new Bun.CryptoHasher("sha256").update(password.toLowerCase()).digest().subarray(0, COMMON_BYTES);

let known: Set<string> | undefined;

/** PW1: whether the password is among the 10,000 commonest; scripts/common-passwords.ts says where the list is from. */
export function isCommon(password: string): boolean {
  known ??= new Set(chunks(Buffer.from(String(list), "base64")));
  return known.has(commonHash(password).toString("latin1"));
}

function* chunks(hashes: Buffer): Generator<string> {
  for (let at = 0; at < hashes.length; at += COMMON_BYTES)
    yield hashes.toString("latin1", at, at + COMMON_BYTES);
}
