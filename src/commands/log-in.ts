import { loginInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { User } from "../core/people.ts";
import { checkPassword, PASSWORD_REFUSALS } from "./check-password.ts";
import { publicCommand } from "./command.ts";
import type { Context } from "./context.ts";

/** H5: a token for the right password; an unknown email is answered in the same words and time as a wrong password. */
export const logIn = publicCommand({
  input: loginInput,
  refusals: PASSWORD_REFUSALS,
  run: async ({ context, input: { email, password }, visit }) => {
    const found = await checkPassword(context, visit, email, password);
    if (!found.ok) return found;
    const user = found.value;
    await renewHash(context, user, password);
    return ok({ token: await context.tokens.issue(user) });
  },
});

/** I3: a hash of an older kind is replaced while the password is at hand; the login does not depend on it. */
async function renewHash(
  { store, passwords, troubled }: Context,
  user: User,
  password: string,
): Promise<void> {
  if (user.passwordHash === null || !passwords.isOutdated(user.passwordHash)) return;
  try {
    const hash = await passwords.hash(password);
    if (hash !== null) await store.users.update(user.id, { passwordHash: hash });
  } catch (error) {
    troubled("an old password hash could not be replaced", error);
  }
}
