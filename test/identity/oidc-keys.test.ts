import { expect, test } from "bun:test";
import type { JSONWebKeySet } from "jose";
import { IssuerKeys } from "../../src/identity/oidc/keys.ts";
import { NOON } from "../contracts/batches.ts";

const endpoints = { issuer: "https://issuer.test", keysUrl: "https://issuer.test/jwks", userInfoUrl: null };
const setOf = (kid: string): JSONWebKeySet => ({ keys: [{ kty: "RSA", kid, n: "x", e: "AQAB" }] });

/** Keys of an issuer that gives what it is set to, or nothing, and counts how often it was asked. */
function issuerWith(first: string | null) {
  const issuer = { kid: first, asked: 0, at: NOON };
  const troubles: unknown[] = [];
  const keys = new IssuerKeys({
    load: async () => {
      issuer.asked++;
      if (issuer.kid === null) throw new Error("ECONNREFUSED");
      return { endpoints, keys: setOf(issuer.kid) };
    },
    clock: { now: () => issuer.at },
    refreshMs: 600_000,
    cooldownMs: 30_000,
    troubled: (what) => troubles.push(what),
  });
  return { issuer, keys, troubles };
}

test("OI5 keys are fetched once, however many ask at once and after", async () => {
  const { issuer, keys } = issuerWith("one");
  const sets = await Promise.all([keys.current(), keys.current(), keys.renewed()]);
  expect(new Set(sets).size).toBe(1);
  for (let n = 0; n < 5; n++) await keys.current();
  expect([issuer.asked, keys.version]).toEqual([1, 1]);
});

test("OI5 an unknown key has them fetched at most once in 30 s", async () => {
  const { issuer, keys } = issuerWith("one");
  const first = await keys.current();
  issuer.kid = "two";
  issuer.at += 29_999;
  for (let n = 0; n < 5; n++) expect(await keys.renewed()).toBe(first);
  expect(issuer.asked).toBe(1);
  issuer.at += 1;
  const [second] = await Promise.all([keys.renewed(), keys.renewed(), keys.renewed()]);
  expect([issuer.asked, second?.version]).toEqual([2, 2]);
  for (let n = 0; n < 5; n++) expect(await keys.renewed()).toBe(second);
  expect(issuer.asked).toBe(2);
});

test("OI5 while the issuer is down the last good keys hold, and it is asked again after 30 s", async () => {
  const { issuer, keys, troubles } = issuerWith("one");
  const first = await keys.current();
  issuer.kid = null;
  issuer.at += 30_000;
  expect(await keys.renewed()).toBe(first);
  expect(await keys.renewed()).toBe(first);
  expect([issuer.asked, troubles.length]).toEqual([2, 1]);
  issuer.kid = "two";
  issuer.at += 30_000;
  expect((await keys.renewed())?.version).toBe(2);
});

test("OI5 an issuer that was down at the start is asked again, but not by every token", async () => {
  const { issuer, keys } = issuerWith(null);
  for (let n = 0; n < 5; n++) expect(await keys.current()).toBeNull();
  expect(issuer.asked).toBe(1);
  issuer.kid = "one";
  issuer.at += 30_000;
  expect((await keys.current())?.version).toBe(1);
});

test("OI5 old keys are fetched again beside their use; the same ones keep their number", async () => {
  const { issuer, keys } = issuerWith("one");
  await keys.current();
  issuer.at += 600_000;
  expect(keys.version).toBe(1);
  expect(issuer.asked).toBe(2);
  await Bun.sleep(0);
  expect(keys.version).toBe(1);
  issuer.kid = "two";
  issuer.at += 600_000;
  expect(keys.version).toBe(1);
  await Bun.sleep(0);
  expect([keys.version, issuer.asked]).toEqual([2, 3]);
});

test("OI5 a clock that went back keeps nobody from fetching", async () => {
  const { issuer, keys } = issuerWith("one");
  await keys.current();
  issuer.kid = "two";
  issuer.at -= 3_600_000;
  expect((await keys.renewed())?.version).toBe(2);
});
