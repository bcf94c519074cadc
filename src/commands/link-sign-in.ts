import { linkInput } from "../../protocol/http.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { User } from "../core/people.ts";
import type { OutsideToken } from "../ports/identity.ts";
import { userAnswer } from "./answers.ts";
import { checkPassword, PASSWORD_REFUSALS } from "./check-password.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { endOpen } from "./end-access.ts";
import { usersWho } from "./policies.ts";
import { placeOf, type Visit } from "./visit.ts";

/**
 * OI11: whoever owns an account with a password lets their sign-in elsewhere open it too. Both are shown here: the
 * password, for a stolen token must not become a lasting way in, and a token of the issuer.
 */
export const linkSignIn = command({
  input: linkInput,
  allow: usersWho("teacher", "student", "admin"),
  refusals: [
    "no-password",
    "bad-link-token",
    "link-role",
    "already-linked",
    "link-in-use",
    ...PASSWORD_REFUSALS,
  ],
  run: async ({ context, input, actor, visit }) => {
    const user = await context.store.users.byId(actor.id);
    if (!user?.email || user.passwordHash === null) return refuse("no-password");
    const known = await checkPassword(context, visit, user.email, input.password);
    if (!known.ok) return known;
    const token = await context.tokens.verify(input.token);
    if (token.kind !== "outside") return refuse("bad-link-token");
    return link(context, user, token, visit);
  },
});

async function link(
  context: Context,
  user: User,
  token: OutsideToken,
  visit: Visit,
): Promise<Result<ReturnType<typeof userAnswer>>> {
  const { store, trail } = context;
  const { issuer, subject, role } = token;
  if (role !== user.role) return refuse("link-role");
  if (user.issuer !== null && (user.issuer !== issuer || user.subject !== subject))
    return refuse("already-linked");
  const other = await store.users.bySubject(issuer, subject);
  if (other && other.id !== user.id) {
    if (other.passwordHash !== null) return refuse("link-in-use");
    if ((await store.classes.idsOf(other.id)).length > 0) return refuse("link-in-use");
  }
  await store.users.link(user.id, issuer, subject);
  await trail.note({ deed: "linked", actor: user.id, subject: user.id }, placeOf(visit));
  if (other && other.id !== user.id) {
    await endOpen(context, other.id);
    await trail.note({ deed: "disabled", actor: user.id, subject: other.id });
  }
  return ok(userAnswer(user));
}
