import { changeAccountInput, changePasswordInput, resetPasswordInput } from "../../protocol/accounts.ts";
import { ok, type RefusalCode, type Result, refuse, refuseFor } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Actor, User } from "../core/people.ts";
import type { Deed } from "../ports/trail.ts";
import { userAnswer } from "./answers.ts";
import { checkPassword, PASSWORD_REFUSALS } from "./check-password.ts";
import { command, publicCommand } from "./command.ts";
import type { Context } from "./context.ts";
import { endAccess } from "./end-access.ts";
import { hashOfNew, NEW_PASSWORD_REFUSALS } from "./new-password.ts";
import { openBrowser, type signedInAnswer } from "./open-browser.ts";
import { usersWho } from "./policies.ts";
import { placeOf, type Visit } from "./visit.ts";

const anyUser = usersWho("teacher", "student", "admin");
const AGAIN = ["no-password", ...PASSWORD_REFUSALS] as const satisfies readonly RefusalCode[];

/** AC13: whoever is signed in shows once more that they know their password. */
async function askAgain(
  context: Context,
  visit: Visit,
  actor: Actor,
  password: string,
): Promise<Result<User, (typeof AGAIN)[number]>> {
  const user = await context.store.users.byId(actor.id);
  if (!user?.email || user.passwordHash === null) return refuse("no-password");
  return checkPassword(context, visit, user.email, password);
}

const noteOwn = ({ trail }: Context, deed: Deed, user: UserId, visit: Visit, to?: string): Promise<void> =>
  trail.note({ deed, actor: user, subject: user, ...(to !== undefined && { to }) }, placeOf(visit));

/** What they go on with who came by a token, or by a browser's session. */
interface Renewed {
  readonly token: string | null;
  readonly signedIn: ReturnType<typeof signedInAnswer> | null;
}

/** AC14: a new password ends every session, token and socket from before; who changed it goes on with new ones. */
export const changePassword = command({
  input: changePasswordInput,
  allow: anyUser,
  refusals: [...AGAIN, ...NEW_PASSWORD_REFUSALS],
  run: async ({ context, actor, input, visit }): Promise<Result<Renewed>> => {
    const known = await askAgain(context, visit, actor, input.password);
    if (!known.ok) return known;
    const passwordHash = await hashOfNew(context, input.newPassword);
    if (!passwordHash.ok) return passwordHash;
    // Whoever was disabled or reset while the password was hashed must not undo that.
    const outcome = await endAccess(context, actor.id, { passwordHash: passwordHash.value }, actor);
    if (outcome !== "ok") return refuse("unauthorized");
    await noteOwn(context, "password-changed", actor.id, visit);
    const user = await context.store.users.byId(actor.id);
    if (!user) return refuse("unauthorized");
    return actor.browser === null
      ? ok({ token: await context.tokens.issue(user), signedIn: null })
      : ok({ token: null, signedIn: await openBrowser(context, visit, user) });
  },
});

/** AC13: another name or email, with the password asked again. */
export const changeAccount = command({
  input: changeAccountInput,
  allow: anyUser,
  refusals: [...AGAIN, "email-taken"],
  run: async ({ context, actor, input: { name, email, password }, visit }) => {
    const known = await askAgain(context, visit, actor, password);
    if (!known.ok) return known;
    const changes = { ...(name !== undefined && { name }), ...(email !== undefined && { email }) };
    if (Object.keys(changes).length === 0) return ok(userAnswer(known.value));
    const changed = await context.store.users.update(actor.id, changes);
    if (changed === "taken") return refuse("email-taken");
    await noteOwn(context, "account-changed", actor.id, visit, Object.keys(changes).join(" "));
    return ok(userAnswer({ ...known.value, ...changes }));
  },
});

/** AC15: a new password by a one-time code from an admin; everything from before ends. */
export const resetPassword = publicCommand({
  input: resetPasswordInput,
  refusals: ["bad-code", "too-many-attempts", ...NEW_PASSWORD_REFUSALS],
  run: async ({ context, input: { code, newPassword }, visit }) => {
    const { passwords, codes, store, logins } = context;
    if (passwords.isCommon(newPassword)) return refuse("common-password");
    // Counted by code: who sends wrong ones holds nobody up who has the right one.
    const place = { account: `a reset by ${code}`, address: visit.address, device: null };
    const outcome = await logins.attempt(place, async () => {
      // Hashed first: a code that was taken is used up.
      const passwordHash = await passwords.hash(newPassword);
      if (passwordHash === null) return "busy";
      const holder = await codes.reset.redeem(code);
      const user = holder && (await store.users.byId(holder.userId));
      if (!user || user.disabled || user.tokensFrom !== holder.tokensFrom) return "wrong";
      if ((await endAccess(context, user.id, { passwordHash }, holder)) !== "ok") return "wrong";
      await noteOwn(context, "password-reset", user.id, visit);
      return "right";
    });
    if (outcome === "wrong") context.trail.failed(null, visit.address);
    if (typeof outcome === "object") return refuseFor("too-many-attempts", outcome.waitS);
    if (outcome === "busy") return refuse("busy");
    return outcome === "right" ? ok({ reset: true as const }) : refuse("bad-code");
  },
});
