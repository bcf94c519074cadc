import { classInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { memberOfClass } from "./policies.ts";

/** VI1: a member of a class whose session runs gets the STUN and TURN servers for its video room. */
export const iceServers = command({
  input: classInput,
  allow: memberOfClass("not-authorized-for-class"),
  refusals: ["no-active-session"],
  run: async ({ context, subject: cls, actor }) => {
    if (!(await context.store.sessions.runningOf(cls.id))) return refuse("no-active-session");
    return ok({
      iceServers: [...stun(context), ...turn(context, actor.id)],
      lifetimeMs: context.limits.TURN_LIFETIME_MS,
    });
  },
});

const listed = (urls: string | undefined): string[] =>
  (urls ?? "").split(",").flatMap((url) => url.trim() || []);

function stun({ limits }: Context) {
  const urls = listed(limits.STUN_URLS);
  return urls.length > 0 ? [{ urls }] : [];
}

/**
 * Credentials that a TURN server with the same secret checks by itself: the user name begins with the second at which
 * they expire. Source: coturn's use-auth-secret, after draft-uberti-behave-turn-rest-00.
 */
function turn({ limits, clock }: Context, user: UserId) {
  const urls = listed(limits.TURN_URLS);
  const { TURN_SECRET: secret, TURN_LIFETIME_MS: lifetimeMs } = limits;
  if (urls.length === 0 || secret === undefined) return [];
  const username = `${Math.floor((clock.now() + lifetimeMs) / 1000)}:${user}`;
  const credential = new Bun.CryptoHasher("sha1", secret).update(username).digest("base64");
  return [{ urls, username, credential }];
}
