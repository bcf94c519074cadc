import { signUpInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { localUser } from "../core/people.ts";
import { newUserId } from "../ids.ts";
import { userAnswer } from "./answers.ts";
import { SIGNUP_CLOSED } from "./closed-accounts.ts";
import { publicCommand } from "./command.ts";

const COMMON_PASSWORD =
  "This password is among the 10,000 commonest and will be guessed: choose another soon.";

/** H3: an account of a teacher or a student; an email belongs to one account. */
export const signUp = publicCommand({
  input: signUpInput,
  closed: SIGNUP_CLOSED,
  refusals: ["email-taken", "busy"],
  run: async ({ context, input: { name, email, password, role } }) => {
    const { store, passwords, clock } = context;
    if (await store.users.byEmail(email)) return refuse("email-taken");
    const passwordHash = await passwords.hash(password);
    if (passwordHash === null) return refuse("busy");
    const user = localUser({ id: newUserId(), name, email, role, passwordHash, createdAt: clock.now() });
    if ((await store.users.add(user)) === "taken") return refuse("email-taken");
    const warning = passwords.isCommon(password) && { warning: COMMON_PASSWORD };
    return ok({ ...userAnswer(user), ...warning });
  },
});
