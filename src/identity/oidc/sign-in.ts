import * as client from "openid-client";
import type { IssuerClient, IssuerRules } from "../../core/issuer.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Begun, OutsideSignIn, Returned, ReturnFault } from "../../ports/identity.ts";
import { outsiderOf } from "./claims.ts";
import type { VerifyOutside } from "./verifier.ts";

interface Parts {
  readonly rules: IssuerRules;
  readonly client: IssuerClient;
  readonly verify: VerifyOutside;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly troubled: (what: string, error: unknown) => void;
}

/** What the issuer says of itself is asked again after this, in ms. */
const DISCOVERY_MS = 3_600_000;
const SCOPE = "openid profile email";
const TOLERANCE_S = 60;

/** OI20: Authorization Code with PKCE, state and nonce, by openid-client. */
export function createSignIn(parts: Parts): OutsideSignIn {
  const configuration = configurations(parts);
  return {
    async begin(redirectUri) {
      const config = await configuration();
      if (!config) return null;
      const begun: Begun = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: "S256",
        // Auth0 gives an access token that we can read only to who names the API.
        ...(parts.rules.endpoints && { audience: parts.rules.audience }),
      });
      return { url: url.href, begun };
    },
    async finish(url, { state, nonce, verifier }) {
      const config = await configuration();
      if (!config) return "away";
      try {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        const answer = await client.authorizationCodeGrant(config, url, { ...checks, idTokenExpected: true });
        return await returned(parts, answer);
      } catch (error) {
        return faultOf(error, parts.troubled);
      }
    },
  };
}

/** The issuer as it describes itself, asked once in a while, by several at once only once; null while it is away. */
function configurations({ rules, client: own, timeoutMs, clock, troubled }: Parts) {
  let known: { readonly config: client.Configuration; readonly at: number } | null = null;
  let asking: Promise<client.Configuration | null> | null = null;
  const ask = async (): Promise<client.Configuration | null> => {
    try {
      const url = new URL(rules.url);
      const metadata = { [client.clockTolerance]: TOLERANCE_S };
      const config = await client.discovery(url, own.id, metadata, credentials(rules, own), {
        timeout: timeoutMs / 1000,
        // isSafeUrl has let http pass for this machine alone.
        execute: url.protocol === "http:" ? [client.allowInsecureRequests] : [],
      });
      known = { config, at: clock.now() };
      return config;
    } catch (error) {
      troubled("the issuer could not be asked how to sign in by it", error);
      return known?.config ?? null;
    }
  };
  return (): Promise<client.Configuration | null> => {
    if (known && Math.abs(clock.now() - known.at) < DISCOVERY_MS) return Promise.resolve(known.config);
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}

/** Auth0's applications expect the secret in the body, OpenID Connect's default is a header. */
function credentials({ endpoints }: IssuerRules, { secret }: IssuerClient): client.ClientAuth {
  if (secret === null) return client.None();
  return endpoints ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
}

type Answer = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/**
 * OI21: who came back is who the access token says, where it is one for us, else who the ID token says; both are of
 * the same person.
 */
async function returned({ verify, rules }: Parts, answer: Answer): Promise<Returned | ReturnFault> {
  const text = answer.access_token;
  const claims = answer.claims();
  const access = await verify(text);
  if (access.kind === "outside")
    return access.subject === claims?.sub ? { token: access, text } : "not-begun";
  const found = claims ? outsiderOf(claims, rules) : access;
  if (found.kind === "refused" || !claims) return "no-role";
  return { token: { ...found, validFrom: 0, validUntil: claims.exp * 1000 }, text };
}

function faultOf(error: unknown, troubled: Parts["troubled"]): ReturnFault {
  if (error instanceof client.AuthorizationResponseError) return "denied";
  if (error instanceof client.ResponseBodyError && error.error === "invalid_grant") return "not-begun";
  troubled("a sign-in at the issuer failed", error);
  const isOurs = error instanceof client.ClientError && error.code !== "OAUTH_TIMEOUT";
  return isOurs ? "not-begun" : "away";
}
