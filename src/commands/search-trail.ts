import { searchTrailInput } from "../../protocol/accounts.ts";
import { ok } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { factIn } from "../log/trail.ts";
import type { TrailEntry } from "../ports/trail.ts";
import { command } from "./command.ts";
import { pageOf } from "./page.ts";
import { usersWho } from "./policies.ts";

/** AU2: a page of what people did, the newest first. */
export const searchTrail = command({
  input: searchTrailInput,
  allow: usersWho("admin"),
  run: async ({ context, input: { deed, user, since, until, cursor, limit } }) => {
    const { entries, last } = await pageOf(context, limit, (count) =>
      context.store.trail.search({
        deed,
        user,
        since: since === undefined ? undefined : Date.parse(since),
        until: until === undefined ? undefined : Date.parse(until),
        before: cursor,
        limit: count,
      }),
    );
    const ids = entries.flatMap(({ actor, subject }) => [actor, subject]).filter((id) => id !== null);
    const people = await context.store.users.byIds([...new Set(ids)]);
    const names = new Map(people.map(({ id, name }) => [id, name]));
    return ok({ entries: entries.map((entry) => deedAnswer(entry, names)), next: last?.number ?? null });
  },
});

/** An entry as it is shown; whoever is gone is shown by the id alone. */
function deedAnswer(entry: TrailEntry, names: ReadonlyMap<UserId, string | null>) {
  const who = (id: UserId | null) => (id === null ? null : { _id: id, name: names.get(id) ?? null });
  const { class: classId = null, session = null, from = null, to = null, times = 1 } = factIn(entry);
  return {
    number: entry.number,
    at: new Date(entry.at).toISOString(),
    deed: entry.deed,
    actor: who(entry.actor),
    subject: who(entry.subject),
    classId,
    sessionId: session,
    from,
    to,
    times,
    details: entry.details,
  };
}
