import { ok, type Result, refuse } from "../core/errors.ts";
import type { Context } from "./context.ts";

/** What a new password may be answered. */
export const NEW_PASSWORD_REFUSALS = ["common-password", "busy"] as const;

/** PW2: the hash of a new password, unless that is among the commonest. */
export async function hashOfNew(
  { passwords }: Context,
  password: string,
): Promise<Result<string, (typeof NEW_PASSWORD_REFUSALS)[number]>> {
  if (passwords.isCommon(password)) return refuse("common-password");
  const hash = await passwords.hash(password);
  return hash === null ? refuse("busy") : ok(hash);
}
