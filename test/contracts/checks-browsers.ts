import { expect } from "bun:test";
import { type BrowserId, isBrowserId } from "../../src/core/ids.ts";
import type { BrowserSession } from "../../src/ports/browser-sessions.ts";
import { NOON, userId } from "./batches.ts";
import { check, type StoreCheck } from "./checks.ts";

function browserId(count: number): BrowserId {
  const id = count.toString(16).padStart(24, "0");
  if (!isBrowserId(id)) throw new Error(`not an id: ${id}`);
  return id;
}

const session = (count: number, changes: Partial<BrowserSession> = {}): BrowserSession => ({
  id: browserId(count),
  hash: `hash ${count}`,
  userId: userId(1),
  tokensFrom: 7,
  device: "Firefox on Linux",
  createdAt: NOON,
  usedAt: NOON,
  ...changes,
});

/** What is said of signed-in browsers. */
export const browserChecks: readonly StoreCheck[] = [
  check("ST80", "a browser's session is found by its hash, and nothing by another", async ({ store }) => {
    await store.browsers.add(session(1));
    expect(await store.browsers.byHash("hash 1")).toEqual(session(1));
    expect(await store.browsers.byHash("hash 2")).toBeNull();
    expect(await store.browsers.byHash(browserId(1))).toBeNull();
  }),
  check("ST80", "a user's are listed, the last used first, and nobody else's", async ({ store }) => {
    const [old, young, later] = [session(1), session(2), session(3, { usedAt: NOON + 5 })];
    for (const one of [old, later, young, session(4, { userId: userId(2) })]) await store.browsers.add(one);
    expect(await store.browsers.ofUser(userId(1))).toEqual([later, young, old]);
    expect(await store.browsers.ofUser(userId(3))).toEqual([]);
  }),
  check("ST81", "a use is written down, and one from before changes nothing", async ({ store }) => {
    await store.browsers.add(session(1));
    await store.browsers.add(session(2));
    await store.browsers.touch(browserId(1), NOON + 9);
    await store.browsers.touch(browserId(1), NOON + 3);
    expect(await store.browsers.byHash("hash 1")).toEqual(session(1, { usedAt: NOON + 9 }));
    expect(await store.browsers.byHash("hash 2")).toEqual(session(2));
  }),
  check("ST81", "a session is removed once, and by its own user alone", async ({ store }) => {
    await store.browsers.add(session(1));
    expect(await store.browsers.remove(browserId(1), userId(2))).toBe(false);
    expect(await store.browsers.byHash("hash 1")).not.toBeNull();
    expect(await store.browsers.remove(browserId(1), userId(1))).toBe(true);
    expect(await store.browsers.remove(browserId(1), userId(1))).toBe(false);
    expect(await store.browsers.byHash("hash 1")).toBeNull();
  }),
  check("ST81", "all of one user's are removed, and counted", async ({ store }) => {
    for (const count of [1, 2]) await store.browsers.add(session(count));
    await store.browsers.add(session(3, { userId: userId(2) }));
    expect(await store.browsers.removeOfUser(userId(1))).toBe(2);
    expect(await store.browsers.removeOfUser(userId(1))).toBe(0);
    expect(await store.browsers.ofUser(userId(2))).toHaveLength(1);
  }),
  check("ST81", "those too old and those too long unused are removed", async ({ store }) => {
    const kept = session(1, { createdAt: NOON - 10, usedAt: NOON });
    await store.browsers.add(kept);
    await store.browsers.add(session(2, { createdAt: NOON - 11, usedAt: NOON }));
    await store.browsers.add(session(3, { createdAt: NOON - 10, usedAt: NOON - 6 }));
    await store.browsers.expire(NOON - 10, NOON - 5);
    expect(await store.browsers.ofUser(userId(1))).toEqual([kept]);
  }),
  check("ST82", "sessions and their ends are there after a kill", async ({ store, reopen }) => {
    for (const count of [1, 2]) await store.browsers.add(session(count));
    await store.browsers.remove(browserId(2), userId(1));
    const again = reopen ? await reopen() : store;
    expect(await again.browsers.ofUser(userId(1))).toEqual([session(1)]);
  }),
];
