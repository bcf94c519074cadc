import { createServer, type Server } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { Provider } from "oidc-provider";

const AUDIENCE = "https://rollcall.test/api";
export const CLIENT = { client_id: "rollcall", client_secret: "a secret of the tests: 0123456789abcdef" };

/** What the issuer knows of somebody; the claims stand in their access tokens. */
export type Account = Readonly<Record<string, unknown>>;

export interface Key {
  readonly kid: string;
  readonly alg: "RS256" | "ES256";
  readonly jwk: JWK;
  readonly private: CryptoKey;
}

type Signing = Pick<Key, "private"> & { readonly alg: string };

/** A new key of an issuer. */
export async function newKey({ alg, kid }: Pick<Key, "alg" | "kid">): Promise<Key> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, private: privateKey, jwk: { ...(await exportJWK(privateKey)), use: "sig", alg, kid } };
}

/** A real OpenID Connect issuer, by oidc-provider, on one port for all of its lives. */
export class TestIssuer {
  readonly accounts = new Map<string, Account>();
  /** The paths that it was asked for. */
  readonly asked: string[] = [];
  #server: Server | null = null;
  #provider: Provider | null = null;
  #port = 0;

  private constructor(
    private current: Key,
    private readonly redirects: readonly string[],
  ) {}

  /** A running issuer that signs by RS256; browsers may come back to `redirects`. */
  static async start(redirects: readonly string[] = ["http://127.0.0.1:1/never"]): Promise<TestIssuer> {
    const issuer = new TestIssuer(await newKey({ alg: "RS256", kid: "first" }), redirects);
    await issuer.start();
    return issuer;
  }

  /** What it signs by. */
  get key(): Key {
    return this.current;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** What a server needs to know of it. */
  get settings(): Record<string, string> {
    return {
      OIDC_ISSUER: this.url,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_ROLE_CLAIM: "role",
      OIDC_KEYS_COOLDOWN_MS: "0",
    };
  }

  /** Serves again, where it did before. */
  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(this.#port, "127.0.0.1", resolve);
    await promise;
    const address = server.address();
    this.#port = typeof address === "object" && address ? address.port : 0;
    this.#provider = this.#newProvider();
    const serve = this.#provider.callback();
    server.on("request", (request, response) => {
      this.asked.push(request.url ?? "");
      serve(request, response);
    });
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** From now on it has this key and no other. */
  async rotate(key: Key): Promise<void> {
    this.current = key;
    await this.stop();
    await this.start();
  }

  /** An access token as the issuer itself makes it. */
  async token(sub: string, account?: Account): Promise<string> {
    if (account) this.accounts.set(sub, account);
    const provider = this.#provider;
    if (!provider) throw new Error("the issuer is not running");
    const client = await provider.Client.find(CLIENT.client_id);
    const of = { accountId: sub, client, grantId: "grant", gty: "authorization_code", scope: "openid" };
    const token = new provider.AccessToken(of);
    token.resourceServer = new provider.ResourceServer(AUDIENCE, api(this.key.alg));
    return token.save();
  }

  /** A token by the issuer's key, of claims that it would not make; undefined takes one away. */
  sign(claims: object = {}, header: object = {}, key: Signing = this.key): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = {
      iss: this.url,
      aud: AUDIENCE,
      iat: now,
      exp: now + 3600,
      sub: "auth0|signed",
      role: "student",
    };
    const named = { alg: key.alg, kid: this.key.kid, typ: "at+jwt", ...header };
    return new SignJWT(withoutUndefined({ ...usual, ...claims }))
      .setProtectedHeader(withoutUndefined(named))
      .sign(key.private);
  }

  #newProvider(): Provider {
    const claims = (sub: string) => this.accounts.get(sub) ?? {};
    return quietly(
      () =>
        new Provider(this.url, {
          clients: [{ ...CLIENT, redirect_uris: this.redirects, id_token_signed_response_alg: this.key.alg }],
          jwks: { keys: [this.key.jwk] },
          cookies: { keys: ["a key of the tests"] },
          findAccount: async (_context: unknown, sub: string) => ({
            accountId: sub,
            claims: async () => ({ sub, ...claims(sub) }),
          }),
          extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => claims(accountId),
          ttl: { AccessToken: 3600, Session: 3600, Grant: 3600, Interaction: 600, IdToken: 600 },
          features: {
            devInteractions: { enabled: true },
            resourceIndicators: {
              enabled: true,
              defaultResource: () => AUDIENCE,
              useGrantedResource: () => true,
              getResourceServerInfo: () => api(this.key.alg),
            },
          },
        }),
    );
  }
}

const api = (alg: string) => ({
  scope: "",
  audience: AUDIENCE,
  accessTokenFormat: "jwt" as const,
  accessTokenTTL: 3600,
  jwt: { sign: { alg } },
});

/** It warns of Bun, and of being what tests want. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

const withoutUndefined = <T extends object>(of: T): T =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as T;
