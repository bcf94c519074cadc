import { exportSPKI, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import type { TokenFault } from "../../src/ports/identity.ts";
import { type Key, newKey, type TestIssuer } from "./issuer.ts";

/** A token that must be refused, why, and what it is. */
export type Forgery = readonly [what: string, reason: TokenFault, token: string];

interface Parts {
  readonly issuer: TestIssuer;
  /** The server's own. */
  readonly secret: string;
  /** A local user, whose good token is the beginning of forgeries of our own. */
  readonly userId: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const part = (of: unknown) =>
  Buffer.from(typeof of === "string" ? of : JSON.stringify(of)).toString("base64url");
const now = () => Math.floor(Date.now() / 1000);

/** Tokens as ours, forged or broken. */
export async function ownForgeries({ issuer, secret, userId }: Parts): Promise<Forgery[]> {
  const claims: JWTPayload = { userId, role: "teacher", tokensFrom: 0, iat: now(), exp: now() + 3600 };
  const signed = (changes: object = {}, key = secret, header: object = {}) =>
    new SignJWT({ ...claims, ...changes })
      .setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
      .sign(bytes(key));
  const without = (name: string) =>
    new SignJWT(Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)))
      .setProtectedHeader({ alg: "HS256" })
      .sign(bytes(secret));
  const good = await signed();
  const [head = "", body = "", signature = ""] = good.split(".");
  const none = (alg: string, mark = "") => `${part({ alg })}.${body}.${mark}`;
  const publicKey = await exportSPKI(await publicOf(issuer.key));
  const admin = part({ ...claims, role: "admin" });
  return [
    ["nonsense", "malformed", "nonsense"],
    ["two parts", "malformed", `${head}.${body}`],
    ["four parts", "malformed", `${good}.${signature}`],
    ["a header that is no JSON", "malformed", `${part("{")}.${body}.${signature}`],
    ["claims that are no object", "malformed", await rawSigned(secret, "[1]")],
    ["alg none", "algorithm", new UnsecuredJWT(claims).encode()],
    ["alg None", "algorithm", none("None")],
    ["alg nOnE with a signature", "algorithm", none("nOnE", signature)],
    ["no alg", "algorithm", `${part({ typ: "JWT" })}.${body}.${signature}`],
    ["HS512 by our secret", "algorithm", await signed({}, secret.repeat(2), { alg: "HS512" })],
    ["an encrypted token", "algorithm", `${part({ alg: "dir", enc: "A256GCM" })}..a.b.c`],
    ["HS256 by the issuer's public key", "signature", await signed({}, publicKey)],
    ["HS256 by the text of its JWK", "signature", await signed({}, JSON.stringify(issuer.key.jwk))],
    ["HS256 by another secret", "signature", await signed({}, `${secret}!`)],
    ["HS256 by a NUL", "signature", await signed({}, "\0")],
    ["a cut signature", "signature", good.slice(0, -4)],
    ["no signature", "signature", `${head}.${body}.`],
    ["claims of another role under the signature", "signature", `${head}.${admin}.${signature}`],
    ["one that has expired", "expired", await signed({ exp: now() - 1 })],
    ["one that is not valid yet", "not-yet-valid", await signed({ nbf: now() + 600 })],
    ["one that never expires", "claims", await without("exp")],
    ["one of nobody", "claims", await without("userId")],
    ["one of an object", "claims", await signed({ userId: { $ne: "" } })],
    ["one of an unknown role", "claims", await signed({ role: "root" })],
    ["one of a deleted user", "unknown-user", await signed({ userId: "0123456789abcdef01234567" })],
    ["one of another time", "superseded", await signed({ tokensFrom: 1 })],
    ["one with an unknown critical header", "critical-header", await criticalOf(secret, claims)],
    ["one longer than allowed", "too-long", await signed({ note: "x".repeat(6000) })],
  ];
}

/** Tokens as the issuer's, forged or broken. */
export async function issuerForgeries({ issuer }: Parts): Promise<Forgery[]> {
  const other = await newKey({ alg: "RS256", kid: issuer.key.kid });
  const elliptic = await newKey({ alg: "ES256", kid: issuer.key.kid });
  const embedded = { jwk: { ...other.jwk, d: undefined } };
  const good = await issuer.sign();
  const { url } = issuer;
  const signed = (claims: object) => issuer.sign(claims);
  const headed = (header: object, key?: Key) => issuer.sign({}, header, key);
  return [
    ["by another key under the right id", "signature", await headed({}, other)],
    ["cut short", "signature", good.slice(0, -10)],
    ["by a curve under the id of the RSA key", "unknown-key", await headed({}, elliptic)],
    ["an unknown key id", "unknown-key", await headed({ kid: "third" })],
    ["a key id that is a path", "unknown-key", await headed({ kid: "../../../../dev/null" })],
    ["a key id that is a query", "unknown-key", await headed({ kid: "x' UNION SELECT 'secret" })],
    ["its own key embedded", "embedded-key", await headed(embedded, other)],
    ["an address of its own keys (jku)", "embedded-key", await headed({ jku: `${url}/evil` }, other)],
    ["an address of its own chain (x5u)", "embedded-key", await headed({ x5u: `${url}/evil` }, other)],
    ["its own chain (x5c)", "embedded-key", await headed({ x5c: ["MIIB"] }, other)],
    ["PS256 by the right key", "algorithm", await resigned(issuer, "PS256")],
    ["RS512 by the right key", "algorithm", await resigned(issuer, "RS512")],
    ["another issuer", "issuer", await signed({ iss: "https://evil.test" })],
    ["the issuer with a slash", "issuer", await signed({ iss: `${url}/` })],
    ["no issuer", "issuer", await signed({ iss: undefined })],
    ["another audience", "audience", await signed({ aud: "https://other.test/api" })],
    ["the client as audience, as ID tokens have it", "audience", await signed({ aud: "rollcall" })],
    ["Keycloak's ID token, where our audience is the client", "claims", await signed({ typ: "ID" })],
    ["an ID token with the hash of its access token", "claims", await signed({ at_hash: "x" })],
    ["no audience", "audience", await signed({ aud: undefined })],
    ["expired beyond the tolerance", "expired", await signed({ exp: now() - 61 })],
    ["valid only later", "not-yet-valid", await signed({ nbf: now() + 120 })],
    ["made in the future", "not-yet-valid", await signed({ iat: now() + 120 })],
    ["no expiry", "claims", await signed({ exp: undefined })],
    ["no time of its making", "claims", await signed({ iat: undefined })],
    ["no subject", "subject", await signed({ sub: undefined })],
    ["a subject of 129 characters", "subject", await signed({ sub: "a".repeat(129) })],
    ["a subject with a control character", "subject", await signed({ sub: "a\nb" })],
    ["no role", "role", await signed({ role: undefined })],
    ["an unknown role", "role", await signed({ role: "owner" })],
  ];
}

const publicOf = async ({ alg, jwk: { kty, n, e } }: Key) => {
  const key = await importJWK({ kty: kty ?? "RSA", ...(n && { n }), ...(e && { e }) }, alg, {
    extractable: true,
  });
  if (key instanceof Uint8Array) throw new Error("not a public key");
  return key;
};

async function resigned(issuer: TestIssuer, alg: string): Promise<string> {
  const key = await importJWK({ ...issuer.key.jwk, alg }, alg);
  if (key instanceof Uint8Array) throw new Error("not a private key");
  return issuer.sign({}, {}, { private: key, alg });
}

/** Signs text that need be no claims. */
async function rawSigned(secret: string, text: string): Promise<string> {
  const signing = `${part({ alg: "HS256" })}.${part(text)}`;
  return `${signing}.${new Bun.CryptoHasher("sha256", secret).update(signing).digest("base64url")}`;
}

async function criticalOf(secret: string, claims: JWTPayload): Promise<string> {
  const signing = `${part({ alg: "HS256", crit: ["exp-in-header"], "exp-in-header": 1 })}.${part(claims)}`;
  return `${signing}.${new Bun.CryptoHasher("sha256", secret).update(signing).digest("base64url")}`;
}
