import { ok, type Result, refuse, refuseFor } from "../core/errors.ts";
import type { User } from "../core/people.ts";
import type { Context } from "./context.ts";
import type { Visit } from "./visit.ts";

/** What a wrong password, or too many of them, is answered. */
export const PASSWORD_REFUSALS = ["bad-credentials", "too-many-attempts", "busy"] as const;

type PasswordRefusal = (typeof PASSWORD_REFUSALS)[number];

/** TH1, H5: the user of this email and password; words and time do not tell whether there is such an email. */
export async function checkPassword(
  context: Context,
  visit: Visit,
  email: string,
  password: string,
): Promise<Result<User, PasswordRefusal>> {
  const { store, passwords, logins, trail } = context;
  const user = await store.users.byEmail(email);
  const place = { account: email, address: visit.address, device: deviceOf(context, visit, user) };
  const outcome = await logins.attempt(place, async () => {
    const right = await passwords.verify(password, user?.passwordHash ?? null);
    return right === "busy" ? right : right && !user?.disabled ? "right" : "wrong";
  });
  if (typeof outcome === "object" || outcome === "wrong") trail.failed(user?.id ?? null, visit.address);
  if (typeof outcome === "object") return refuseFor("too-many-attempts", outcome.waitS);
  if (outcome === "busy") return refuse("busy");
  if (outcome === "wrong" || !user) return refuse("bad-credentials");
  await renewHash(context, user, password);
  return ok(user);
}

function deviceOf({ devices }: Context, visit: Visit, user: User | null): string | null {
  const cookie = visit.cookie("device");
  return cookie && user && devices.idOf(cookie, user.id);
}

/** I3: a hash of an older kind is replaced while the password is at hand; the login does not depend on it. */
async function renewHash(
  { store, passwords, troubled }: Context,
  user: User,
  password: string,
): Promise<void> {
  if (user.passwordHash === null || !passwords.isOutdated(user.passwordHash)) return;
  try {
    const hash = await passwords.hash(password);
    // A password that was changed meanwhile must not come back.
    if (hash !== null) await store.users.update(user.id, { passwordHash: hash }, user);
  } catch (error) {
    troubled("an old password hash could not be replaced", error);
  }
}
