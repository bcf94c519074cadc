import { errors } from "jose";
import type { RefusedToken, TokenFault } from "../ports/identity.ts";

const BY_CODE: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JOSE_NOT_SUPPORTED: "critical-header",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
};

/** A token that is refused for this. */
export const refused = (reason: TokenFault): RefusedToken => ({ kind: "refused", reason });

/** Why jose refused a token. Throws what is no error of jose's. */
export function faultOf(error: unknown): RefusedToken {
  if (!(error instanceof errors.JOSEError)) throw error;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refused(error.claim === "nbf" && error.reason === "check_failed" ? "not-yet-valid" : "claims");
  }
  return refused(BY_CODE[error.code] ?? "malformed");
}
