import { z } from "zod";
import type { IssuerEndpoints, IssuerRules } from "../../core/issuer.ts";
import { fetchJson } from "./fetch-json.ts";

const documentSchema = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
});

const bare = (url: string): string => url.replace(/\/+$/, "");

/** Where the issuer's things are: known, or told by its discovery document. Rejects where it cannot be had or is another's. */
export async function endpointsOf(rules: IssuerRules, timeoutMs: number): Promise<IssuerEndpoints> {
  if (rules.endpoints) return rules.endpoints;
  const url = `${bare(rules.url)}/.well-known/openid-configuration`;
  const found = documentSchema.parse(await fetchJson(url, timeoutMs));
  // OpenID Connect Discovery, 4.3: a document that says it is another's may be an attacker's.
  if (bare(found.issuer) !== bare(rules.url)) throw new Error(`${url} is of ${found.issuer}`);
  return {
    issuer: found.issuer,
    keysUrl: found.jwks_uri,
    userInfoUrl: found.userinfo_endpoint ?? null,
  };
}
