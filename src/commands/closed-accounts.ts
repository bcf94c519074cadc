import type { RefusalCode } from "../core/errors.ts";
import type { Accounts } from "../core/issuer.ts";

/** Why a command that anyone may give is not to be had on this server; null where it is. */
export interface Closed {
  readonly codes: readonly RefusalCode[];
  readonly by: (accounts: Accounts) => RefusalCode | null;
}

const closed = (codes: Readonly<Record<Exclude<Accounts, "local">, RefusalCode>>): Closed => ({
  codes: Object.values(codes),
  by: (accounts) => (accounts === "local" ? null : codes[accounts]),
});

/** OI10: where LOCAL_ACCOUNTS is off, who signs people up and in instead, whatever the body. */
export const SIGNUP_CLOSED = closed({ auth0: "signup-by-auth0", elsewhere: "signup-elsewhere" });
export const LOGIN_CLOSED = closed({ auth0: "login-by-auth0", elsewhere: "login-elsewhere" });
