import type { UserId } from "../core/ids.ts";
import type { Missed } from "../hub/hub.ts";
import type { LiveSession } from "../log/live-session.ts";

const nothing = () => ({ ok: true, events: [], value: undefined }) as const;

/**
 * Calls `listen` with what was told since the user was enrolled, at a moment after which everything is told by the
 * class's news: another node enrolled them, and word of it took its time.
 */
export async function sinceEnrolled(
  live: LiveSession,
  user: UserId,
  kept: number,
  listen: (missed: Missed | null) => void,
): Promise<void> {
  const asked = await live.ask(nothing, () => listen(missedBy(live, user, kept)));
  if (!asked.ok) listen(null);
}

/** Null where nothing was missed, or it is not known what. */
function missedBy(live: LiveSession, user: UserId, kept: number): Missed | null {
  const events = live.after(Math.max(0, live.toldSeq - kept)) ?? [];
  const at = events.findLastIndex(
    (event) => (event.type === "enrolled" || event.type === "withdrawn") && event.student === user,
  );
  const items = events[at]?.type === "enrolled" ? events.slice(at + 1) : [];
  const [first, last] = [items[0], items.at(-1)];
  return first && last ? { session: live.session, told: { items, range: [first.seq, last.seq] } } : null;
}
