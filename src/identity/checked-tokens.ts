import { decodeProtectedHeader } from "jose";
import type { Clock } from "../ports/clock.ts";
import type { CheckedToken, Tokens } from "../ports/identity.ts";
import { ISSUER_ALGORITHMS, type VerifyOutside } from "./oidc/verifier.ts";
import { TokenCache } from "./token-cache.ts";
import { refused } from "./token-faults.ts";

/** The tokens of the outside issuer, and the number of the keys that they are checked by. */
export interface Outside {
  readonly verify: VerifyOutside;
  readonly version: () => number;
}

interface Parts {
  readonly own: Tokens;
  readonly outside: Outside | null;
  readonly clock: Clock;
  /** How many checked tokens are remembered. */
  readonly kept: number;
  /** The longest token that is looked at, in bytes. */
  readonly bytesMax: number;
}

/** Headers by which a token would bring its own key, or say where to fetch it. RFC 8725, 3.10: nobody here follows them. */
const EMBEDDED = ["jwk", "jku", "x5u", "x5c"];

/** OI3: tokens of ours and of the issuer, each by its own keys and algorithms; good ones are remembered while they hold. */
export function createCheckedTokens({ own, outside, clock, kept, bytesMax }: Parts): Tokens {
  const cache = new TokenCache(kept);
  const check = async (token: string): Promise<CheckedToken> => {
    const header = headerOf(token);
    if (!header) return refused("malformed");
    if (EMBEDDED.some((name) => name in header)) return refused("embedded-key");
    if (header.alg === "HS256") return own.verify(token);
    const isTheirs = outside !== null && ISSUER_ALGORITHMS.includes(header.alg ?? "");
    return isTheirs ? outside.verify(token) : refused("algorithm");
  };
  return {
    issue: (user) => own.issue(user),
    async verify(token) {
      if (token.length > bytesMax) return refused("too-long");
      const version = outside?.version() ?? 0;
      const known = cache.get(token, clock.now(), version);
      if (known) return known;
      const checked = await check(token);
      if (checked.kind !== "refused") cache.put(token, checked, outside?.version() ?? 0);
      return checked;
    },
  };
}

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> | null {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return null;
  }
}
