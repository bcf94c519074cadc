import { type Accounts, type IssuerClient, type IssuerRules, isSafeUrl } from "../core/issuer.ts";
import { StartError } from "../core/start-error.ts";

/** The settings of these names. */
export interface IssuerSettings {
  readonly AUTH0_DOMAIN?: string | undefined;
  readonly AUTH0_AUDIENCE?: string | undefined;
  readonly AUTH0_NAMESPACE?: string | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_ROLE_CLAIM?: string | undefined;
  readonly OIDC_ROLE_DEFAULT?: "teacher" | "student" | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly LOCAL_ACCOUNTS: "on" | "off";
}

/** The outside issuer that the settings name; null where they name none. Throws StartError with one sentence. */
export function issuerOf(settings: IssuerSettings): IssuerRules | null {
  if (settings.OIDC_CLIENT_SECRET && !settings.OIDC_CLIENT_ID)
    throw fault("OIDC_CLIENT_SECRET", "it is the secret of OIDC_CLIENT_ID, which is missing");
  const rules = settings.AUTH0_DOMAIN ? auth0(settings, settings.AUTH0_DOMAIN) : discovered(settings);
  if (rules) return rules;
  if (settings.LOCAL_ACCOUNTS === "off")
    throw fault("LOCAL_ACCOUNTS", "nobody could sign in: set an issuer, or leave it on");
  for (const name of NEED_ISSUER)
    if (settings[name]) throw fault(name, "it needs OIDC_ISSUER or AUTH0_DOMAIN beside it");
  return null;
}

/** Who we are to the issuer when browsers sign in by it; null where they do not. */
export function clientOf({ OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }: IssuerSettings): IssuerClient | null {
  return OIDC_CLIENT_ID ? { id: OIDC_CLIENT_ID, secret: OIDC_CLIENT_SECRET ?? null } : null;
}

/** Who makes accounts and takes passwords. */
export function accountsOf({ LOCAL_ACCOUNTS, AUTH0_DOMAIN }: IssuerSettings): Accounts {
  if (LOCAL_ACCOUNTS === "on") return "local";
  return AUTH0_DOMAIN ? "auth0" : "elsewhere";
}

const NEED_ISSUER = [
  "AUTH0_AUDIENCE",
  "AUTH0_NAMESPACE",
  "OIDC_AUDIENCE",
  "OIDC_ROLE_CLAIM",
  "OIDC_ROLE_DEFAULT",
  "OIDC_CLIENT_ID",
  "OIDC_CLIENT_SECRET",
] as const;

/** Auth0's URL layout; the claims of ours stand under the namespace. */
function auth0(settings: IssuerSettings, domain: string): IssuerRules {
  if (settings.OIDC_ISSUER) throw fault("OIDC_ISSUER", "AUTH0_DOMAIN is set as well: keep one of them");
  const url = `https://${domain}/`;
  if (`https://${URL.parse(url)?.host}/` !== url)
    throw fault(
      "AUTH0_DOMAIN",
      "must be a domain alone, such as school.eu.auth0.com, without https:// and path",
    );
  const namespace = needed(settings, "AUTH0_NAMESPACE", "AUTH0_DOMAIN").replace(/\/+$/, "");
  return {
    url,
    endpoints: { issuer: url, keysUrl: `${url}.well-known/jwks.json`, userInfoUrl: `${url}userinfo` },
    audience: needed(settings, "AUTH0_AUDIENCE", "AUTH0_DOMAIN"),
    roleClaim: settings.OIDC_ROLE_CLAIM ?? `${namespace}/role`,
    roleDefault: settings.OIDC_ROLE_DEFAULT ?? null,
    nameClaims: [`${namespace}/name`, "name"],
    emailClaims: [`${namespace}/email`, "email"],
  };
}

function discovered(settings: IssuerSettings): IssuerRules | null {
  const url = settings.OIDC_ISSUER;
  if (!url) return null;
  if (!isSafeUrl(url))
    throw fault(
      "OIDC_ISSUER",
      "must be an https URL, or an http one of this machine such as http://localhost:8080",
    );
  return {
    url,
    endpoints: null,
    audience: needed(settings, "OIDC_AUDIENCE", "OIDC_ISSUER"),
    roleClaim: needed(settings, "OIDC_ROLE_CLAIM", "OIDC_ISSUER"),
    roleDefault: settings.OIDC_ROLE_DEFAULT ?? null,
    nameClaims: ["name"],
    emailClaims: ["email"],
  };
}

type Text = Exclude<keyof IssuerSettings, "LOCAL_ACCOUNTS">;

function needed(settings: IssuerSettings, name: Text, beside: Text): string {
  const value = settings[name];
  if (!value) throw fault(name, `${beside} needs it beside it`);
  return value;
}

const fault = (name: string, why: string) =>
  new StartError(`Bad setting ${name} (${why}): correct it in the environment or in .env.`);
