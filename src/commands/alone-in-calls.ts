import type { SessionId } from "../core/ids.ts";

/** The pages of one call that have no socket in the room, by their peers. */
interface Alone {
  /** Since when, in milliseconds since the epoch, of those who are in the call. */
  readonly since: ReadonlyMap<string, number>;
  /** Who was put out for it and has had no socket since. */
  readonly hungUp: ReadonlySet<string>;
}

const NOBODY: Alone = { since: new Map(), hungUp: new Set() };

/** RO25: who is in LiveKit's calls without a socket in the room, and who was put out for that. */
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
    const hungUp = new Set([...before.hungUp, ...out].filter((peer) => !pages.has(peer)));
    if (since.size + hungUp.size > 0) this.#calls.set(session, { since, hungUp });
    else this.#calls.delete(session);
    return out;
  }

  /** Whether the page was put out of the call for being alone there. */
  isHungUp(session: SessionId, peer: string): boolean {
    return this.#calls.get(session)?.hungUp.has(peer) ?? false;
  }

  /** Forgets these sessions. */
  forget(those: (id: SessionId) => boolean): void {
    for (const id of this.#calls.keys()) if (those(id)) this.#calls.delete(id);
  }
}
