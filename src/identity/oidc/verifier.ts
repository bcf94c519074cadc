import { type CryptoKey, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from "jose";
import type { IssuerRules } from "../../core/issuer.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OutsideToken, RefusedToken } from "../../ports/identity.ts";
import { faultOf, refused } from "../token-faults.ts";
import { outsiderOf } from "./claims.ts";
import type { IssuerKeys, KeySet } from "./keys.ts";

/** What an issuer may sign by; RFC 8725, 3.1: the list is ours, never the token's. */
export const ISSUER_ALGORITHMS: readonly string[] = ["RS256", "ES256"];

interface Parts {
  readonly rules: IssuerRules;
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  /** How far the issuer's clock may be from ours, in milliseconds. */
  readonly toleranceMs: number;
}

export type VerifyOutside = (token: string) => Promise<OutsideToken | RefusedToken>;

/** OI4: tokens of the issuer: signature, issuer, audience, times, subject and role. */
export function createVerifier({ rules, keys, clock, toleranceMs }: Parts): VerifyOutside {
  const tolerance = toleranceMs / 1000;
  const check = (token: string, set: KeySet) =>
    byAnyOf(set, token, {
      algorithms: [...ISSUER_ALGORITHMS],
      issuer: set.endpoints.issuer,
      audience: rules.audience,
      clockTolerance: tolerance,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "iat", "sub"],
    });
  return async (token) => {
    const set = await keys.current();
    if (!set) return refused("keys-unavailable");
    try {
      const { payload } = await check(token, set).catch(async (error: unknown) => {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const other = await keys.renewed();
        if (!other || other === set) throw error;
        return check(token, other);
      });
      const { exp = 0, nbf = 0, iat = 0 } = payload;
      if (iat * 1000 > clock.now() + toleranceMs) return refused("not-yet-valid");
      if (isIdToken(payload)) return refused("claims");
      const found = outsiderOf(payload, rules);
      if (found.kind === "refused") return found;
      return { ...found, validFrom: (nbf - tolerance) * 1000, validUntil: (exp + tolerance) * 1000 };
    } catch (error) {
      return faultOf(error);
    }
  };
}

/**
 * Where the audience is the client's own id, an ID token has all that an access token has. Keycloak says in `typ` which
 * it is; a hash of an access token stands in no access token (OpenID Connect Core, 3.1.3.6).
 */
const isIdToken = (payload: JWTPayload): boolean =>
  payload.typ === "ID" || "at_hash" in payload || "c_hash" in payload;

type Options = NonNullable<Parameters<typeof jwtVerify>[2]>;

/** A token that names no key may be signed by any that fits. */
async function byAnyOf({ find }: KeySet, token: string, options: Options): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, find, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let last: unknown = error;
    for await (const key of error) {
      const result = await attempt(token, key, options);
      if ("payload" in result) return result;
      last = result.error;
    }
    throw last;
  }
}

async function attempt(
  token: string,
  key: CryptoKey,
  options: Options,
): Promise<JWTVerifyResult | { readonly error: unknown }> {
  try {
    return await jwtVerify(token, key, options);
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { error };
    throw error;
  }
}
