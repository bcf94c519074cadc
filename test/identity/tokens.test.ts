import { expect, test } from "bun:test";
import { SignJWT, UnsecuredJWT } from "jose";
import { createTokens } from "../../src/identity/tokens.ts";
import { teacher } from "../core/arbitrary.ts";

const secret = "s".repeat(40);
const clock = { at: 1_800_000_000_000, now: () => clock.at };
const tokens = createTokens({ secret, lifetimeMs: 86_400_000, clock });
const claims = { userId: teacher, role: "teacher" as const };

test("I6 a token gives back its claims for one day and is safe in a URL", async () => {
  const token = await tokens.issue(claims);
  expect(encodeURIComponent(token)).toBe(token);
  expect(await tokens.verify(token)).toEqual(claims);
  clock.at += 86_399_000;
  expect(await tokens.verify(token)).toEqual(claims);
  clock.at += 2000;
  expect(await tokens.verify(token)).toBeNull();
  clock.at = 1_800_000_000_000;
});

const key = new TextEncoder().encode(secret);
const forged: [string, () => Promise<string>][] = [
  ["nothing", async () => ""],
  ["no token", async () => "a.b.c"],
  ["alg none", async () => new UnsecuredJWT(claims).setExpirationTime("1d").encode()],
  [
    "another key",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(new TextEncoder().encode("t".repeat(40))),
  ],
  [
    "another algorithm",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS512" })
        .setExpirationTime("9999d")
        .sign(new TextEncoder().encode(secret.repeat(2))),
  ],
  ["no expiry", async () => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(key)],
  [
    "an unknown role",
    async () =>
      new SignJWT({ ...claims, role: "root" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(key),
  ],
  [
    "no user",
    async () =>
      new SignJWT({ role: "teacher" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("9999d")
        .sign(key),
  ],
  [
    "not yet valid",
    async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "HS256" })
        .setNotBefore("9998d")
        .setExpirationTime("9999d")
        .sign(key),
  ],
];

test.each(forged)("I7 a token with %s is none", async (_what, make) => {
  expect(await tokens.verify(await make())).toBeNull();
});

test("I7 a token with its body changed is none", async () => {
  const [head, body, signature] = (await tokens.issue({ ...claims, role: "student" })).split(".");
  const raised = Buffer.from(
    Buffer.from(body ?? "", "base64url")
      .toString()
      .replace("student", "teacher"),
  ).toString("base64url");
  expect(await tokens.verify(`${head}.${raised}.${signature}`)).toBeNull();
});
