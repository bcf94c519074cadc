import { mkdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartError } from "../core/start-error.ts";
import { type Claim, claimsOn, codeOf, putNew, readClaim, takeoverPath, writeDraft } from "./lock-file.ts";
import { type Holder, holderHere, isGone } from "./lock-holder.ts";

export interface Lock {
  /** Writes down where the server answers, for whoever finds the folder taken. */
  announce(url: string): void;
  /** Gives the folder free; once more changes nothing. */
  release(): void;
}

/** How often a holder shows that it lives, in ms. */
const BEAT_MS = 2000;
/** Each further try means that another starter was quicker; so many that quick there are not. */
const TRIES = 100;

/** The locks that this process holds: another one with our pid is left from an earlier program in it. */
const ours = new Set<string>();

/**
 * Makes the data folder this process's own and creates it where it is missing; `now` gives ms since the epoch, and
 * `lost` is called where another has taken it over since, because this machine was suspended too long.
 * Throws StartError with one sentence where another server holds it or where it cannot be written.
 */
export function takeLock(
  folder: string,
  now: () => number = Date.now,
  lost: () => void = () => undefined,
): Lock {
  const lock = join(resolve(folder), "rollcall.lock");
  const mine = holderHere(now());
  const other = explained(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return contend(lock, mine, now);
  });
  if (other) throw new StartError(takenSentence(folder, other, mine));
  ours.add(mine.nonce);
  return hold(lock, mine, now, lost);
}

/** Null once the lock is ours, or the claim of the one who has it. */
function contend(lock: string, mine: Holder, now: () => number): Claim | null {
  const draft = writeDraft(lock, mine);
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (putNew(draft, lock)) return null;
      const claims = claimsOn(lock);
      const last = claims.at(-1);
      if (!last) continue;
      if (!isGone(last, mine, now(), ({ nonce }) => ours.has(nonce))) return last;
      if (takeOver(lock, claims, last, draft)) return null;
    }
    throw new StartError(`Too many servers are starting on ${lock} at the same time: start one again.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Replaces a lock whose holder is gone; false where another starter was quicker. Whoever creates the takeover file
 * of the last claim is the only one who may replace the lock; a starter that looked before the lock was replaced,
 * and creates that file again after, sees by the changed lock that it came too late.
 */
function takeOver(lock: string, claims: readonly Claim[], last: Claim, draft: string): boolean {
  const mark = takeoverPath(lock, last);
  if (!putNew(draft, mark)) return false;
  const current = claimsOn(lock);
  const unchanged = claims.every(({ nonce }, index) => current[index]?.nonce === nonce);
  if (unchanged) renameSync(draft, lock);
  rmSync(mark, { force: true });
  if (unchanged) for (const { path } of claims.slice(1)) rmSync(path, { force: true });
  return unchanged;
}

function hold(lock: string, mine: Holder, now: () => number, lost: () => void): Lock {
  const isMine = () => readClaim(lock)?.nonce === mine.nonce;
  const beat = () => {
    try {
      if (isMine()) utimesSync(lock, new Date(now()), new Date(now()));
      else if (ours.has(mine.nonce) && readClaim(lock)) lost();
    } catch {
      // A disk that fails for a moment: the next beat tells again.
    }
  };
  const beating = setInterval(beat, BEAT_MS);
  beating.unref();
  return {
    announce(url) {
      if (!isMine()) return;
      const draft = writeDraft(lock, { ...mine, url });
      renameSync(draft, lock);
    },
    release() {
      clearInterval(beating);
      if (ours.delete(mine.nonce) && isMine()) rmSync(lock, { force: true });
    },
  };
}

function takenSentence(folder: string, { holder }: Claim, here: Holder): string {
  const taken = `The data folder ${resolve(folder)} is in use by another Rollcall server`;
  const away = "stop that one first, or set ROLLCALL_DATA to another folder.";
  if (!holder) return `${taken} (its lock file cannot be read; if none runs, try again in 15 s): ${away}`;
  const where = holder.host === here.host ? "" : ` on ${holder.host}`;
  const since = `${holder.since.slice(0, 19).replace("T", " ")} UTC`;
  const url = holder.url ? `, at ${holder.url}` : "";
  return `${taken} (process ${holder.pid}${where}, since ${since}${url}): ${away}`;
}

/** Gives what the system refuses a sentence for the operator. */
function explained<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === "") throw error;
    const why = WHY[code] ?? code;
    throw new StartError(
      `The data folder ${resolve(folder)} cannot be written (${why}): make it writable, or set ROLLCALL_DATA to another folder.`,
    );
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  ENOENT: "it cannot be made there",
  EPERM: "permission denied",
  EROFS: "it is on a read-only disk",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of this path is not a folder",
  EEXIST: "there is a file of this name",
  EIO: "the disk reports an error",
};
