import { expect, test } from "bun:test";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { NOON, userId } from "../contracts/batches.ts";
import { accessOf } from "./access.ts";

const holder = { userId: userId(1), tokensFrom: 7 };
const MINUTE = 60_000;

function setup() {
  const clock = { at: NOON, now: () => clock.at };
  const store = createMemoryStore();
  const limits = { BROWSER_IDLE_MS: 10 * MINUTE, BROWSER_LIFETIME_MS: 60 * MINUTE, BROWSERS_PER_USER_MAX: 3 };
  return { clock, store, ...accessOf({ store, clock, limits }) };
}

test("AC1 a session is found by its secret alone, and the store does not have that", async () => {
  const { browsers, store } = setup();
  const { session, secret } = await browsers.create(holder, "Firefox on Linux");
  expect(await browsers.find(secret)).toEqual(session);
  for (const other of ["", `${secret}A`, session.id, session.hash])
    expect(await browsers.find(other)).toBeNull();
  expect(JSON.stringify(await store.browsers.ofUser(holder.userId))).not.toContain(secret);
  expect((await browsers.create(holder, "")).secret).not.toBe(secret);
});

test("AC12 a session that is not used ends, and one that is used goes on until it is too old", async () => {
  const { browsers, clock } = setup();
  const [used, idle] = [await browsers.create(holder, "used"), await browsers.create(holder, "idle")];
  while (clock.at < NOON + 54 * MINUTE) {
    clock.at += 9 * MINUTE;
    expect(await browsers.find(used.secret)).not.toBeNull();
  }
  expect(await browsers.find(idle.secret)).toBeNull();
  expect((await browsers.list(holder.userId)).map(({ device }) => device)).toEqual(["used"]);
  clock.at = NOON + 60 * MINUTE - 1;
  expect(await browsers.find(used.secret)).not.toBeNull();
  clock.at += 1;
  expect(await browsers.find(used.secret)).toBeNull();
  expect(await browsers.list(holder.userId)).toEqual([]);
});

test("AC12 the last use is written at most once a minute", async () => {
  const { browsers, clock, store } = setup();
  const { secret } = await browsers.create(holder, "phone");
  const usedAt = async () => (await store.browsers.ofUser(holder.userId))[0]?.usedAt;
  clock.at += MINUTE - 1;
  await browsers.find(secret);
  expect(await usedAt()).toBe(NOON);
  clock.at += 1;
  await browsers.find(secret);
  expect(await usedAt()).toBe(NOON + MINUTE);
});

test("AC12 those that have ended are removed, and of too many the longest unused", async () => {
  const { browsers, clock, store } = setup();
  await browsers.create(holder, "old");
  clock.at += 11 * MINUTE;
  for (const device of ["a", "b", "c", "d"]) {
    await browsers.create(holder, device);
    clock.at += 1;
  }
  const kept = await store.browsers.ofUser(holder.userId);
  expect(kept.map(({ device }) => device)).toEqual(["d", "c", "b"]);
});

test("AC8 the CSRF token is of one session and tells nothing of the secret", async () => {
  const { browsers } = setup();
  const [one, two] = [await browsers.create(holder, ""), await browsers.create(holder, "")];
  expect(browsers.csrfToken(one.secret)).toBe(browsers.csrfToken(one.secret));
  expect(browsers.csrfToken(one.secret)).not.toBe(browsers.csrfToken(two.secret));
  expect(await browsers.find(browsers.csrfToken(one.secret))).toBeNull();
});

test("TH2 a device's cookie is of one user, cannot be changed, and lapses", () => {
  const { devices, clock } = setup();
  const cookie = devices.remember(userId(1));
  const id = devices.idOf(cookie, userId(1));
  expect(id).toBeString();
  expect(devices.idOf(cookie, userId(2))).toBeNull();
  const [nonce, until = "", signature] = cookie.split(".");
  for (const forged of [
    "",
    "..",
    "a.b.c",
    `${nonce}.${Number(until) + 1}.${signature}`,
    `${cookie}.x`,
    `x${cookie}`,
  ])
    expect(devices.idOf(forged, userId(1))).toBeNull();
  clock.at += devices.lifetimeMs;
  expect(devices.idOf(cookie, userId(1))).toBeNull();
});

test("AC15 a code opens what it is for and nothing else, once, and not after its time", async () => {
  const { codes, tickets, clock } = setup();
  const code = async () => (await codes.reset.issue(holder)).ticket;
  const one = await code();
  for (const other of [codes.invitation, codes.setup, tickets]) expect(await other.redeem(one)).toBeNull();
  expect(await codes.reset.redeem(one)).toEqual(holder);
  expect(await codes.reset.redeem(one)).toBeNull();
  const late = await code();
  clock.at += 86_400_001;
  expect(await codes.reset.redeem(late)).toBeNull();
  const ticket = (await tickets.issue(holder)).ticket;
  expect(await codes.reset.redeem(ticket)).toBeNull();
});
