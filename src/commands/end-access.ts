import type { UserId } from "../core/ids.ts";
import type { User } from "../core/people.ts";
import type { UserChanges } from "../ports/store.ts";
import type { Context } from "./context.ts";

/** What a socket is closed with whose user may be here no more, or not by what it showed. */
const UNAUTHORIZED = 4401;

/**
 * AC5: changes the user and ends every token, browser session and socket that they had until now. With `known`, "stale"
 * where something else has ended them since it was read, and then nothing changes.
 */
export async function endAccess(
  { store, browsers, hub, neighbours, clock }: Context,
  user: UserId,
  changes: UserChanges,
  known?: Pick<User, "tokensFrom">,
): Promise<"ok" | "taken" | "unknown" | "stale"> {
  const outcome = await store.users.update(user, { ...changes, tokensFrom: clock.now() }, known);
  if (outcome !== "ok") return outcome;
  await endOpen({ browsers, hub, neighbours }, user);
  return "ok";
}

/** Ends every browser session and socket of a user whose tokens have ended, or whose role is another. */
export async function endOpen(
  { browsers, hub, neighbours }: Pick<Context, "browsers" | "hub" | "neighbours">,
  user: UserId,
): Promise<void> {
  // Sockets first: they close even where the store fails now, and no browser session is good any more anyhow.
  hub.close(user, () => true, UNAUTHORIZED);
  neighbours.accessEnded(user);
  await browsers.endAll(user);
}

/** AC6: ends one browser session, and the sockets that lived by it. False where the user has none of this id. */
export async function endBrowser(
  { browsers, hub, neighbours }: Context,
  user: UserId,
  id: Parameters<Context["browsers"]["end"]>[1],
): Promise<boolean> {
  const ended = await browsers.end(user, id);
  if (ended) {
    hub.close(user, ({ actor }) => actor.browser === id, UNAUTHORIZED);
    neighbours.accessEnded(user);
  }
  return ended;
}
