import { loginInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { checkPassword, PASSWORD_REFUSALS } from "./check-password.ts";
import { LOGIN_CLOSED } from "./closed-accounts.ts";
import { publicCommand } from "./command.ts";
import { placeOf } from "./visit.ts";

/** H5: a token for the right password; an unknown email is answered in the same words and time as a wrong password. */
export const logIn = publicCommand({
  input: loginInput,
  closed: LOGIN_CLOSED,
  refusals: PASSWORD_REFUSALS,
  run: async ({ context, input: { email, password }, visit }) => {
    const found = await checkPassword(context, visit, email, password);
    if (!found.ok) return found;
    const { id } = found.value;
    await context.trail.note({ deed: "signed-in", actor: id, subject: id, to: "token" }, placeOf(visit));
    return ok({ token: await context.tokens.issue(found.value) });
  },
});
