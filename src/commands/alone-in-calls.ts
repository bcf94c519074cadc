import type { SessionId } from "../core/ids.ts";

/** The pages of one call that have no socket in the room, by their peers. */
interface Alone {
  /** Since when, in milliseconds since the epoch, of those who are in the call. */
  readonly since: ReadonlyMap<string, number>;
  /** Who was put out, for it or as they left, and has had no socket since; and when. */
  readonly hungUp: ReadonlyMap<string, number>;
}

const NOBODY: Alone = { since: new Map(), hungUp: new Map() };

/** The log has that a page left a second or so later. */
const LOG_BEHIND_MS = 5000;

/** Remembered of one call: whoever comes and goes all the time does not fill the memory, and the list finds them. */
const HUNG_UP_MAX = 2000;

/** RO25: who is in LiveKit's calls without a socket in the room, and who was put out for that, or as they left. */
export class AloneInCalls {
  readonly #calls = new Map<SessionId, Alone>();

  /** Takes who is in the call at `now`, and who is in the room; gives who is to be put out, being alone for `maxMs` or again. */
  listed(
    session: SessionId,
    present: readonly string[],
    pages: ReadonlySet<string>,
    { now, maxMs }: { readonly now: number; readonly maxMs: number },
  ): string[] {
    const before = this.#calls.get(session) ?? NOBODY;
    const alone = present.filter((peer) => !pages.has(peer));
    const since = new Map(alone.map((peer) => [peer, before.since.get(peer) ?? now]));
    const out = alone.filter((peer) => before.hungUp.has(peer) || now - (since.get(peer) ?? now) >= maxMs);
    const all = new Map([...before.hungUp, ...out.map((peer) => [peer, now] as const)]);
    const hungUp = new Map([...all].filter(([peer, at]) => !pages.has(peer) || now - at < LOG_BEHIND_MS));
    if (since.size + hungUp.size > 0) this.#calls.set(session, { since, hungUp });
    else this.#calls.delete(session);
    return out;
  }

  /** The page has left the room, and is put out of the call. */
  left(session: SessionId, peer: string, now: number): void {
    const { since, hungUp } = this.#calls.get(session) ?? NOBODY;
    const all = [...hungUp, [peer, now] as const];
    this.#calls.set(session, { since, hungUp: new Map(all.slice(-HUNG_UP_MAX)) });
  }

  /** Whether the page was put out of the call, for being alone there or as it left. */
  isHungUp(session: SessionId, peer: string): boolean {
    return this.#calls.get(session)?.hungUp.has(peer) ?? false;
  }

  /** Forgets these sessions. */
  forget(those: (id: SessionId) => boolean): void {
    for (const id of this.#calls.keys()) if (those(id)) this.#calls.delete(id);
  }
}
