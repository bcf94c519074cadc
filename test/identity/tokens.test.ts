import { expect, test } from "bun:test";
import { SignJWT, UnsecuredJWT } from "jose";
import { createTokens } from "../../src/identity/tokens.ts";
import type { TokenFault } from "../../src/ports/identity.ts";
import { teacher } from "../core/arbitrary.ts";

const secret = "s".repeat(40);
const clock = { at: 1_800_000_000_000, now: () => clock.at };
const tokens = createTokens({ secret, lifetimeMs: 86_400_000, clock });
const claims = { userId: teacher, role: "teacher" as const };
const holder = { id: teacher, role: "teacher" as const, tokensFrom: 7 };

test("I6 a token gives back its claims for one day and is safe in a URL", async () => {
  const issuedAt = clock.at;
  const times = { validFrom: 0, validUntil: issuedAt + 86_400_000 };
  const token = await tokens.issue(holder);
  expect(encodeURIComponent(token)).toBe(token);
  expect(await tokens.verify(token)).toEqual({ kind: "own", ...claims, tokensFrom: 7, issuedAt, ...times });
  clock.at += 86_399_000;
  expect(await tokens.verify(token)).toEqual({ kind: "own", ...claims, tokensFrom: 7, issuedAt, ...times });
  clock.at += 2000;
  expect(await tokens.verify(token)).toEqual({ kind: "refused", reason: "expired" });
  clock.at = 1_800_000_000_000;
});

const key = new TextEncoder().encode(secret);
const forged: [string, TokenFault, () => Promise<string>][] = [
  ["nothing", "malformed", async () => ""],
  ["no token", "malformed", async () => "a.b.c"],
  ["alg none", "algorithm", async () => new UnsecuredJWT(claims).setExpirationTime("1d").encode()],
  [
    "another key",
    "signature",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(new TextEncoder().encode("t".repeat(40))),
  ],
  [
    "another algorithm",
    "algorithm",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS512" })
        .setExpirationTime("9999d")
        .sign(new TextEncoder().encode(secret.repeat(2))),
  ],
  ["no expiry", "claims", async () => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(key)],
  [
    "an unknown role",
    "claims",
    async () =>
      new SignJWT({ ...claims, role: "root" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(key),
  ],
  [
    "no user",
    "claims",
    async () =>
      new SignJWT({ role: "teacher" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(key),
  ],
  [
    "not yet valid",
    "not-yet-valid",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256" })
        .setNotBefore("9998d")
        .setExpirationTime("9999d")
        .sign(key),
  ],
];

test.each(forged)("I7 a token with %s is none", async (_what, reason, make) => {
  expect(await tokens.verify(await make())).toEqual({ kind: "refused", reason });
});

test("I6 another system's token, which has no tokensFrom, gives back the second of its making", async () => {
  const theirs = new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setExpirationTime(2_000_000_000);
  const times = { validFrom: 0, validUntil: 2_000_000_000_000 };
  const own = { kind: "own", ...claims, tokensFrom: null, ...times } as const;
  expect(await tokens.verify(await theirs.sign(key))).toEqual({ ...own, issuedAt: null });
  const dated = theirs.setIssuedAt(clock.at / 1000);
  expect(await tokens.verify(await dated.sign(key))).toEqual({ ...own, issuedAt: clock.at });
});

test("I7 a token with its body changed is none", async () => {
  const [head, body, signature] = (await tokens.issue({ ...holder, role: "student" })).split(".");
  const raised = Buffer.from(
    Buffer.from(body ?? "", "base64url")
      .toString()
      .replace("student", "teacher"),
  ).toString("base64url");
  expect(await tokens.verify(`${head}.${raised}.${signature}`)).toEqual({
    kind: "refused",
    reason: "signature",
  });
});
