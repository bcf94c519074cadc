import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";

const AUDIENCE = "https://rollcall.test/api";

/** An issuer that has keys and nothing else. */
export class BenchIssuer {
  private constructor(
    private readonly key: CryptoKey,
    private readonly server: Bun.Server<undefined>,
  ) {}

  static async start(): Promise<BenchIssuer> {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const keys = [{ ...(await exportJWK(publicKey)), alg: "RS256", use: "sig", kid: "bench" }];
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      routes: {
        "/.well-known/openid-configuration": ({ url }) => {
          const issuer = new URL(url).origin;
          return Response.json({ issuer, jwks_uri: `${issuer}/keys` });
        },
        "/keys": () => Response.json({ keys }),
      },
    });
    return new BenchIssuer(privateKey, server);
  }

  get #url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  /** What a server needs to know of it. */
  get settings() {
    return { OIDC_ISSUER: this.#url, OIDC_AUDIENCE: AUDIENCE, OIDC_ROLE_CLAIM: "role" };
  }

  /** A student's access token. */
  token(subject: string): Promise<string> {
    return new SignJWT({ role: "student", name: subject, email: "somebody@school.test" })
      .setProtectedHeader({ alg: "RS256", kid: "bench", typ: "at+jwt" })
      .setIssuer(this.#url)
      .setAudience(AUDIENCE)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(this.key);
  }

  stop(): Promise<void> {
    return this.server.stop(true);
  }
}
