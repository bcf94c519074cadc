import { errors } from "jose";
import type { RefusedToken, TokenFault } from "../ports/identity.ts";

const BY_CODE: Readonly<Record<string, TokenFault>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "algorithm",
  ERR_JOSE_NOT_SUPPORTED: "critical-header",
  ERR_JWKS_NO_MATCHING_KEY: "unknown-key",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "signature",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature",
};

const BY_CLAIM: Readonly<Record<string, TokenFault>> = { iss: "issuer", aud: "audience", sub: "subject" };

/** A token that is refused for this. */
export const refused = (reason: TokenFault): RefusedToken => ({ kind: "refused", reason });

/** Why jose refused a token. Throws what is no error of jose's. */
export function faultOf(error: unknown): RefusedToken {
  if (!(error instanceof errors.JOSEError)) throw error;
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "nbf" && error.reason === "check_failed") return refused("not-yet-valid");
    return refused(BY_CLAIM[error.claim] ?? "claims");
  }
  return refused(BY_CODE[error.code] ?? "malformed");
}
