import { ok, type Result, refuse, refuseFor } from "../core/errors.ts";
import type { User } from "../core/people.ts";
import type { Context } from "./context.ts";
import type { Visit } from "./visit.ts";

/** What a wrong password, or too many of them, is answered. */
export const PASSWORD_REFUSALS = ["bad-credentials", "too-many-attempts", "busy"] as const;

/** TH1, H5: the user of this email and password; words and time do not tell whether there is such an email. */
export async function checkPassword(
  { store, passwords, logins }: Context,
  { address }: Visit,
  email: string,
  password: string,
): Promise<Result<User, (typeof PASSWORD_REFUSALS)[number]>> {
  const user = await store.users.byEmail(email);
  const outcome = await logins.attempt({ account: email, address, device: null }, async () => {
    const right = await passwords.verify(password, user?.passwordHash ?? null);
    return right === "busy" ? right : right ? "right" : "wrong";
  });
  if (typeof outcome === "object") return refuseFor("too-many-attempts", outcome.waitS);
  if (outcome === "busy") return refuse("busy");
  return outcome === "right" && user && !user.disabled ? ok(user) : refuse("bad-credentials");
}
