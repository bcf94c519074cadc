import type { IssuerRules } from "../../core/issuer.ts";
import type { Profile, Profiles } from "../../ports/identity.ts";
import { type Payload, profileIn } from "./claims.ts";
import { fetchJson } from "./fetch-json.ts";
import type { IssuerKeys } from "./keys.ts";

const UNKNOWN: Profile = { name: null, email: null };

interface Parts {
  readonly rules: IssuerRules;
  readonly keys: IssuerKeys;
  readonly timeoutMs: number;
  readonly troubled: (what: string, error: unknown) => void;
}

/** OI8: what the issuer's /userinfo tells whoever brings a person's token. */
export function createProfiles({ rules, keys, timeoutMs, troubled }: Parts): Profiles {
  return {
    async of(token, subject) {
      try {
        const url = (await keys.current())?.endpoints.userInfoUrl;
        if (!url) return UNKNOWN;
        const claims = await fetchJson(url, timeoutMs, { authorization: `Bearer ${token}` });
        // OpenID Connect Core, 5.3.2: an answer about somebody else must not be used.
        return isPayload(claims) && claims.sub === subject ? profileIn(claims, rules) : UNKNOWN;
      } catch (error) {
        troubled("the issuer did not tell a new user's name and email; they stay unknown", error);
        return UNKNOWN;
      }
    },
  };
}

const isPayload = (value: unknown): value is Payload => typeof value === "object" && value !== null;
