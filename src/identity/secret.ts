import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "../core/start-error.ts";

const BYTES = 32;
/** The characters of 32 bytes in base64url: fewer mean a file that was cut. */
const LENGTH_MIN = 43;

/**
 * The secret that signs tokens: `configured` where given, else the one in `<folder>/jwt-secret`, which is made once
 * and can be read by its owner alone. Throws StartError with a sentence where it cannot be used.
 */
export function loadSecret(folder: string, configured?: string): string {
  if (configured) return configured;
  const path = join(resolve(folder), "jwt-secret");
  try {
    return readSecret(path) ?? makeSecret(path);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new StartError(
      `The file ${path} cannot be used (${error.code}): make it readable, or set JWT_SECRET.`,
    );
  }
}

/** Null where there is none yet. */
function readSecret(path: string): string | null {
  try {
    closeToOthers(path);
    const secret = readFileSync(path, "utf8").trim();
    if (secret.length >= LENGTH_MIN) return secret;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  throw new StartError(
    `The file ${path} is empty or cut short: put the secret back from a backup, or delete it for a new one, which ends everybody's login.`,
  );
}

/** A restored backup often comes back readable to all. Windows has no such modes. */
function closeToOthers(path: string): void {
  if (process.platform === "win32") return;
  const isOpen = () => (statSync(path).mode & 0o077) !== 0;
  if (isOpen()) chmodSync(path, 0o600);
  if (isOpen()) {
    throw new StartError(`The file ${path} can be read by others: give it the mode 600, or set JWT_SECRET.`);
  }
}

/** Writes it whole before it has its name: nobody ever reads a part, and of two makers the first one's counts. */
function makeSecret(path: string): string {
  mkdirSync(resolve(path, ".."), { recursive: true, mode: 0o700 });
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(BYTES))).toString("base64url");
  const draft = `${path}.draft-${crypto.randomUUID()}`;
  try {
    writePrivate(draft, `${secret}\n`);
    return putNew(draft, path) ? secret : (readSecret(path) ?? secret);
  } finally {
    rmSync(draft, { force: true });
  }
}

function putNew(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // Some file systems have no hard links; there the lock on the folder alone keeps a second maker out.
    renameSync(draft, path);
  }
  return true;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

function writePrivate(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
