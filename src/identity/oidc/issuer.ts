import { z } from "zod";
import type { IssuerClient, IssuerRules } from "../../core/issuer.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OutsideSignIn, Profiles } from "../../ports/identity.ts";
import { endpointsOf } from "./discovery.ts";
import { fetchJson } from "./fetch-json.ts";
import { IssuerKeys, type Loaded } from "./keys.ts";
import { createProfiles } from "./profiles.ts";
import { createVerifier, type VerifyOutside } from "./verifier.ts";

interface Parts {
  readonly rules: IssuerRules;
  readonly client: IssuerClient | null;
  readonly clock: Clock;
  readonly limits: IssuerLimits;
  readonly troubled: (what: string, error: unknown) => void;
}

/** The settings of these names. */
interface IssuerLimits {
  readonly OIDC_TOLERANCE_MS: number;
  readonly OIDC_TIMEOUT_MS: number;
  readonly OIDC_KEYS_REFRESH_MS: number;
  readonly OIDC_KEYS_COOLDOWN_MS: number;
}

/** An outside issuer, as its tokens are checked and its people are known here. */
export interface Issuer {
  readonly verify: VerifyOutside;
  readonly version: () => number;
  readonly profiles: Profiles;
  readonly signIn: OutsideSignIn | null;
}

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The issuer; its keys are asked for at once, so that the first person need not wait for them, and nobody waits here. */
export function createIssuer({ rules, client, clock, limits, troubled }: Parts): Issuer {
  const timeoutMs = limits.OIDC_TIMEOUT_MS;
  const load = async (): Promise<Loaded> => {
    const endpoints = await endpointsOf(rules, timeoutMs);
    return { endpoints, keys: keysSchema.parse(await fetchJson(endpoints.keysUrl, timeoutMs)) };
  };
  const keys = new IssuerKeys({
    load,
    clock,
    refreshMs: limits.OIDC_KEYS_REFRESH_MS,
    cooldownMs: limits.OIDC_KEYS_COOLDOWN_MS,
    troubled,
  });
  void keys.current();
  const verify = createVerifier({ rules, keys, clock, toleranceMs: limits.OIDC_TOLERANCE_MS });
  return {
    verify,
    signIn:
      client &&
      whenAsked(async () => {
        const { createSignIn } = await import("./sign-in.ts");
        return createSignIn({ rules, client, verify, timeoutMs, clock, troubled });
      }),
    version: () => keys.version,
    profiles: createProfiles({ rules, keys, timeoutMs, troubled }),
  };
}

/** Its library is read when the first browser comes: no start waits for it. */
function whenAsked(make: () => Promise<OutsideSignIn>): OutsideSignIn {
  let made: Promise<OutsideSignIn> | undefined;
  const signIn = () => {
    made ??= make();
    return made;
  };
  return {
    begin: async (redirectUri) => (await signIn()).begin(redirectUri),
    finish: async (url, begun) => (await signIn()).finish(url, begun),
  };
}
