import { decodeJwt, type JWTPayload, SignJWT } from "jose";

/** The claims of a good token signed again, with this secret, algorithm and expiry (seconds from now). */
export function signedAgain(token: string, secret: string, alg = "HS256", expiresIn = 3600): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims: JWTPayload = { ...decodeJwt(token), iat: now - 7200, exp: now + expiresIn };
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

/** The token with other claims under its old signature. */
function altered(token: string, claims: JWTPayload): string {
  const [header, , signature] = token.split(".");
  return [header, segment({ ...decodeJwt(token), ...claims }), signature].join(".");
}

/** The token's claims under `alg: none`, spelled as given, without a signature. */
function unsigned(token: string, alg = "none"): string {
  return `${segment({ alg, typ: "JWT" })}.${segment(decodeJwt(token))}.`;
}

/** Every forgery that a server with this secret must refuse, by name. */
export async function forgeries(token: string, secret: string): Promise<[string, string][]> {
  const unsignedToken = unsigned(token);
  const otherRole = decodeJwt(token).role === "teacher" ? "student" : "teacher";
  const signature = token.split(".")[2] ?? "";
  return [
    ["nonsense", "nonsense"],
    ["no signature", token.split(".").slice(0, 2).join(".")],
    ["a cut signature", token.slice(0, -4)],
    ["an expired one", await signedAgain(token, secret, "HS256", -600)],
    ["one of another secret", await signedAgain(token, `${secret}!`)],
    ["one of an empty secret's kind", await signedAgain(token, "\0")],
    ["one by HS512", await signedAgain(token, secret, "HS512")],
    ["alg none", unsignedToken],
    ["alg None", unsigned(token, "None")],
    ["alg none with a signature", unsignedToken + signature],
    ["another role", altered(token, { role: otherRole })],
    ["another user", altered(token, { userId: "0123456789abcdef01234567" })],
    ["a later end", altered(token, { exp: 4_000_000_000 })],
  ];
}

const segment = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
