import { signUpInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { localUser } from "../core/people.ts";
import { newUserId } from "../ids.ts";
import { userAnswer } from "./answers.ts";
import { SIGNUP_CLOSED } from "./closed-accounts.ts";
import { publicCommand } from "./command.ts";
import type { Context } from "./context.ts";
import { teacherSignup } from "./teacher-signup.ts";
import { placeOf } from "./visit.ts";

const COMMON_PASSWORD =
  "This password is among the 10,000 commonest and will be guessed: choose another soon.";

/** H3: an account of a teacher or a student; an email belongs to one account. */
export const signUp = publicCommand({
  input: signUpInput,
  closed: SIGNUP_CLOSED,
  refusals: ["email-taken", "invitation-required", "busy"],
  run: async ({ context, input: { name, email, password, role, invitation = "" }, visit }) => {
    const { store, passwords, clock } = context;
    const mode = role === "teacher" ? await teacherSignup(context) : "open";
    if (mode === "closed" || (mode === "invite" && invitation === "")) return refuse("invitation-required");
    if (await store.users.byEmail(email)) return refuse("email-taken");
    const passwordHash = await passwords.hash(password);
    if (passwordHash === null) return refuse("busy");
    if (mode === "invite" && !(await isInvited(context, invitation))) return refuse("invitation-required");
    const user = localUser({ id: newUserId(), name, email, role, passwordHash, createdAt: clock.now() });
    if ((await store.users.add(user)) === "taken") return refuse("email-taken");
    const { id } = user;
    await context.trail.note({ deed: "signed-up", actor: id, subject: id, to: role }, placeOf(visit));
    const warning = passwords.isCommon(password) && { warning: COMMON_PASSWORD };
    return ok({ ...userAnswer(user), ...warning });
  },
});

/** AD6: the invitation is used up; it counts for as long as whoever gave it is an admin. */
async function isInvited({ codes, store }: Context, invitation: string): Promise<boolean> {
  const inviter = await codes.invitation.redeem(invitation);
  const admin = inviter && (await store.users.byId(inviter.userId));
  return admin?.role === "admin" && !admin.disabled;
}
