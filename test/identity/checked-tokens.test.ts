import { expect, test } from "bun:test";
import { createCheckedTokens } from "../../src/identity/checked-tokens.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import type { Tokens } from "../../src/ports/identity.ts";
import { NOON, userId } from "../contracts/batches.ts";

const HOUR = 3_600_000;

/** Tokens of one hour that are remembered, and how many of them were checked for that. */
function remembered(kept = 100) {
  const at = { now: NOON, version: 1, checks: 0 };
  const clock = { now: () => at.now };
  const real = createTokens({ secret: "s".repeat(40), lifetimeMs: HOUR, clock });
  const own: Tokens = {
    issue: real.issue,
    verify: (token) => {
      at.checks++;
      return real.verify(token);
    },
  };
  const outside = { version: () => at.version, verify: real.verify as never };
  const tokens = createCheckedTokens({ own, outside, clock, kept, bytesMax: 4096 });
  const issue = (n = 1) => tokens.issue({ id: userId(n), role: "student", tokensFrom: 0 });
  const kindOf = async (token: string) => (await tokens.verify(token)).kind;
  return { at, tokens, issue, kindOf };
}

test("OI9 a good token's signature is checked once", async () => {
  const { at, tokens, issue } = remembered();
  const token = await issue();
  const first = await tokens.verify(token);
  for (let n = 0; n < 5; n++) expect(await tokens.verify(token)).toEqual(first);
  expect(first).toMatchObject({ kind: "own", userId: userId(1) });
  expect(at.checks).toBe(1);
});

test("OI9 a remembered token ends with its last millisecond, and is not good before its time", async () => {
  const { at, tokens, issue, kindOf } = remembered();
  const token = await issue();
  await kindOf(token);
  at.now += HOUR - 1;
  expect(await kindOf(token)).toBe("own");
  at.now += 1;
  expect(await tokens.verify(token)).toEqual({ kind: "refused", reason: "expired" });
  at.now = NOON;
  expect(await kindOf(token)).toBe("own");
});

test("OI9 other keys of the issuer have every token checked anew", async () => {
  const { at, issue, kindOf } = remembered();
  const token = await issue();
  await kindOf(token);
  at.version++;
  await kindOf(token);
  await kindOf(token);
  expect(at.checks).toBe(2);
});

test("OI9 what is refused is not remembered, and pushes nothing out", async () => {
  const { at, issue, kindOf } = remembered(4);
  const token = await issue();
  await kindOf(token);
  for (let n = 0; n < 50; n++) expect(await kindOf(`${token.slice(0, -2)}${n}`)).toBe("refused");
  expect(at.checks).toBe(51);
  await kindOf(token);
  expect(at.checks).toBe(51);
});

test("OI9 no more are remembered than the setting says, and those in use stay", async () => {
  const { at, issue, kindOf } = remembered(10);
  const busy = await issue(0);
  await kindOf(busy);
  for (let n = 1; n <= 100; n++) {
    await kindOf(await issue(n));
    await kindOf(busy);
  }
  expect(at.checks).toBe(101);
  await kindOf(await issue(1));
  expect(at.checks).toBe(102);
});

test("OI3 a token that is longer than the setting is not looked at", async () => {
  const { tokens, at } = remembered();
  expect(await tokens.verify("x".repeat(4097))).toEqual({ kind: "refused", reason: "too-long" });
  expect(at.checks).toBe(0);
});
