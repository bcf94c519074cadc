import { changeUserInput, userInput, usersPageInput } from "../../protocol/accounts.ts";
import { noInput } from "../../protocol/http.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { User } from "../core/people.ts";
import { userAnswer } from "./answers.ts";
import { command, type Policy } from "./command.ts";
import { endAccess } from "./end-access.ts";
import { pageOf } from "./page.ts";
import { usersWho } from "./policies.ts";

/** A user as admins see one. */
const managedAnswer = (user: User) => ({
  ...userAnswer(user),
  disabled: user.disabled,
  hasPassword: user.passwordHash !== null,
  issuer: user.issuer,
  createdAt: new Date(user.createdAt).toISOString(),
});

/** An admin, about any user. */
export const adminAboutUser: Policy<{ readonly userId: UserId }, User, "user-not-found"> = {
  roles: ["admin"],
  refusals: ["user-not-found"],
  find: async ({ store }, { userId }) => {
    const user = await store.users.byId(userId);
    return user ? ok(user) : refuse("user-not-found");
  },
  refusal: () => null,
};

/** AD3: a page of users whose name or email has the text. */
export const listUsers = command({
  input: usersPageInput,
  allow: usersWho("admin"),
  run: async ({ context, input: { q, cursor, limit } }) => {
    const { entries, last } = await pageOf(context, limit, (count) =>
      context.store.users.page(q ?? "", cursor ?? null, count),
    );
    return ok({ users: entries.map(managedAnswer), next: last?.id ?? null });
  },
});

/**
 * AD4: another role, or disabled or not: the user's tokens, sessions and sockets end. Admins leave themselves alone, so
 * that one stays. AD9: the role of an issuer's person is the issuer's to give: its next token would undo a change here.
 */
export const changeUser = command({
  input: changeUserInput,
  allow: adminAboutUser,
  refusals: ["own-account", "outside-role"],
  run: async ({ context, actor, subject: user, input: { role, disabled } }) => {
    if (user.id === actor.id) return refuse("own-account");
    // What was not asked for is not written: another admin may be changing it at this moment.
    const changes = {
      ...(role !== undefined && role !== user.role && { role }),
      ...(disabled !== undefined && disabled !== user.disabled && { disabled }),
    };
    if (Object.keys(changes).length === 0) return ok(managedAnswer(user));
    if (changes.role && user.issuer !== null && context.hasIssuer) return refuse("outside-role");
    await endAccess(context, user.id, changes);
    const about = { actor: actor.id, subject: user.id };
    if (changes.role)
      await context.trail.note({ ...about, deed: "role-changed", from: user.role, to: changes.role });
    if (changes.disabled !== undefined)
      await context.trail.note({ ...about, deed: changes.disabled ? "disabled" : "enabled" });
    return ok(managedAnswer((await context.store.users.byId(user.id)) ?? { ...user, ...changes }));
  },
});

const CODE_PATHS = { reset: "/reset-password", invitation: "/create-account" } as const;

/** A one-time code, and the path of the app that takes it: behind the #, which browsers tell no server. */
const codeAnswer = (kind: keyof typeof CODE_PATHS, code: string, expiresAt: number) => ({
  code,
  path: `${CODE_PATHS[kind]}#${code}`,
  expiresAt: new Date(expiresAt).toISOString(),
});

/** AC15: a code by which a user sets a new password, once; it is void when anything ends the user's tokens before. */
export const makeResetLink = command({
  input: userInput,
  allow: adminAboutUser,
  refusals: ["no-password"],
  run: async ({ context, actor, subject: { id: userId, tokensFrom, passwordHash } }) => {
    if (passwordHash === null) return refuse("no-password");
    const { ticket, expiresAt } = await context.codes.reset.issue({ userId, tokensFrom });
    await context.trail.note({ deed: "reset-link-made", actor: actor.id, subject: userId });
    return ok(codeAnswer("reset", ticket, expiresAt));
  },
});

type Code = ReturnType<typeof codeAnswer>;

/** AD6: a code by which one teacher signs up. */
export const invite = command({
  input: noInput,
  allow: usersWho("admin"),
  run: async ({ context, actor }): Promise<Result<Code>> => {
    const { ticket, expiresAt } = await context.codes.invitation.issue({
      userId: actor.id,
      tokensFrom: actor.tokensFrom,
    });
    await context.trail.note({ deed: "teacher-invited", actor: actor.id, subject: null });
    return ok(codeAnswer("invitation", ticket, expiresAt));
  },
});
