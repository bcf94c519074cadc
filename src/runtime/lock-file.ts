import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { type Holder, holderSchema } from "./lock-holder.ts";

/** A lock file as it was found. */
export interface Claim {
  readonly path: string;
  readonly nonce: string;
  /** Null where the file cannot be understood. */
  readonly holder: Holder | null;
  /** Its holder's last sign of life, in ms since the epoch. */
  readonly beatAt: number;
}

/** The claim in a file; null where there is no file. */
export function readClaim(path: string): Claim | null {
  try {
    const { ino, mtimeMs } = statSync(path);
    const holder = parseHolder(readFileSync(path, "utf8"));
    return { path, nonce: holder?.nonce ?? `damaged-${ino}`, holder, beatAt: mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Where a takeover of this claim is announced: one file name per claim, so that one starter wins it. */
export const takeoverPath = (lock: string, { nonce }: Claim): string => `${lock}.${nonce}`;

/** The lock's claim, the takeover of it that was begun and not finished, the one of that, and so on. */
export function claimsOn(lock: string): Claim[] {
  const claims: Claim[] = [];
  let claim = readClaim(lock);
  while (claim) {
    claims.push(claim);
    claim = readClaim(takeoverPath(lock, claim));
  }
  return claims;
}

/** Writes a holder into a file of its own beside the lock, on disk when it returns; gives its path. */
export function writeDraft(lock: string, holder: Holder): string {
  const path = `${lock}.draft-${crypto.randomUUID()}`;
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, `${JSON.stringify(holder, null, 2)}\n`);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return path;
}

/** Puts a copy of the draft where nothing stands yet, whole and at once; false where something does. */
export function putNew(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!NO_LINKS.has(codeOf(error))) throw error;
    return copyNew(draft, path);
  }
  return true;
}

/** What file systems without hard links answer. */
const NO_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

function copyNew(draft: string, path: string): boolean {
  try {
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** The system's name of a fault, such as ENOENT; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
