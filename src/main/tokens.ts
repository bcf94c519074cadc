import { clientOf, issuerOf } from "../config/issuer.ts";
import type { Config } from "../config.ts";
import { createCheckedTokens } from "../identity/checked-tokens.ts";
import { createIssuer } from "../identity/oidc/issuer.ts";
import { createTokens } from "../identity/tokens.ts";
import type { Log } from "../observe/log.ts";
import type { Clock } from "../ports/clock.ts";
import type { OutsideIssuer, Tokens } from "../ports/identity.ts";

/** Our tokens and, where an issuer is set, its tokens and its word on people. Nothing waits for the issuer. */
export function tokensOf(
  config: Config,
  secret: string,
  clock: Clock,
  log: Log,
): { readonly tokens: Tokens; readonly issuer: OutsideIssuer | null } {
  const rules = issuerOf(config);
  const troubled = (what: string, error: unknown) => log.warn({ err: error }, what);
  const issuer = rules && createIssuer({ rules, client: clientOf(config), clock, limits: config, troubled });
  const tokens = createCheckedTokens({
    own: createTokens({ secret, lifetimeMs: config.TOKEN_LIFETIME_MS, clock }),
    outside: issuer,
    clock,
    kept: config.TOKENS_CACHED_MAX,
    bytesMax: config.TOKEN_BYTES_MAX,
  });
  return { tokens, issuer };
}
