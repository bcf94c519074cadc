import { expect, test } from "bun:test";
import { AloneInCalls } from "../../src/commands/alone-in-calls.ts";
import { CallRounds } from "../../src/commands/call-rounds.ts";
import type { Context } from "../../src/commands/context.ts";
import { logIn } from "../../src/commands/log-in.ts";
import { readConfig } from "../../src/config.ts";
import { ok } from "../../src/core/errors.ts";
import { localUser } from "../../src/core/people.ts";
import { Hub } from "../../src/hub/hub.ts";
import { NO_NEIGHBOURS } from "../../src/hub/neighbours.ts";
import { createPasswords } from "../../src/identity/passwords.ts";
import { EndedLogs } from "../../src/log/ended-logs.ts";
import { findHere } from "../../src/log/finder.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { teacher } from "../core/arbitrary.ts";
import { Node } from "../faults/node.ts";
import { NO_ROOMS, NO_WITNESS } from "../hub/no-rooms.ts";
import { accessOf } from "../identity/access.ts";

const email = "meera@school.test";
const passwords = createPasswords({ atOnce: 2, waiting: 10 });

/** A context over a store with one user of this hash. */
async function contextWith(passwordHash: string) {
  const store = createMemoryStore();
  const user = localUser({ id: teacher, name: "Meera", email, role: "teacher", passwordHash, createdAt: 1 });
  await store.users.add(user);
  const troubles: unknown[] = [];
  const { sessions } = new Node(store);
  const context: Context = {
    store,
    passwords,
    sessions,
    find: findHere(sessions),
    neighbours: NO_NEIGHBOURS,
    endedLogs: new EndedLogs(store.sessions),
    visitors: { settle: async () => undefined },
    hub: new Hub({
      encoders: [],
      studentWindowMs: 0,
      socketsPerUser: 1,
      hears: () => true,
      presence: { everyMs: 1, encode: () => "" },
      room: NO_ROOMS,
      publish: () => undefined,
    }),
    tokens: { issue: async () => "token", verify: async () => ({ kind: "refused", reason: "malformed" }) },
    ...accessOf({ store }),
    calls: null,
    witness: NO_WITNESS,
    callRounds: new CallRounds(),
    aloneInCalls: new AloneInCalls(),
    clock: systemClock,
    limits: readConfig({}),
    settings: [],
    troubled: (_what, error) => troubles.push(error),
    refused: () => undefined,
    accounts: "local",
    outsideSignIn: null,
    hasIssuer: false,
    outsiders: async () => "subject-taken",
  };
  return { store, troubles, context };
}

const login = (context: Context, password: string) => {
  const raw = async () => ok({ email: "Meera@School.test", password });
  return logIn.execute(context, { actor: null, raw, via: "http", where: { request: "1" } });
};

test("I3 a bcrypt hash is replaced by argon2id at the next login, and not by a wrong password", async () => {
  const bcrypt = await Bun.password.hash("right one", { algorithm: "bcrypt", cost: 4 });
  const { store, context } = await contextWith(bcrypt);
  expect(await login(context, "wrong one")).toEqual({ ok: false, code: "bad-credentials" });
  expect((await store.users.byId(teacher))?.passwordHash).toBe(bcrypt);
  expect(await login(context, "right one")).toEqual({ ok: true, value: { token: "token" } });
  expect((await store.users.byId(teacher))?.passwordHash).toStartWith("$argon2id$");
  expect(await login(context, "right one")).toMatchObject({ ok: true });
});

test("I3 a hash that cannot be replaced does not keep anyone out", async () => {
  const bcrypt = await Bun.password.hash("right one", { algorithm: "bcrypt", cost: 4 });
  const { store, troubles, context } = await contextWith(bcrypt);
  const failing = {
    ...store,
    users: { ...store.users, update: () => Promise.reject(new Error("EIO")) },
  };
  expect(await login({ ...context, store: failing }, "right one")).toMatchObject({ ok: true });
  expect(troubles).toHaveLength(1);
});

test("I3 a password that is changed while its old hash is replaced does not come back", async () => {
  const bcrypt = await Bun.password.hash("right one", { algorithm: "bcrypt", cost: 4 });
  const { store, context } = await contextWith(bcrypt);
  const hash = async (password: string) => {
    await store.users.update(teacher, { passwordHash: "$changed", tokensFrom: 5 });
    return passwords.hash(password);
  };
  await login({ ...context, passwords: { ...passwords, hash } }, "right one");
  expect((await store.users.byId(teacher))?.passwordHash).toBe("$changed");
});

test("OI1 the right password of a disabled user is answered as a wrong one", async () => {
  const { store, context } = await contextWith(
    await Bun.password.hash("right one", { algorithm: "bcrypt", cost: 4 }),
  );
  await store.users.update(teacher, { disabled: true });
  expect(await login(context, "right one")).toEqual({ ok: false, code: "bad-credentials" });
  await store.users.update(teacher, { disabled: false });
  expect(await login(context, "right one")).toMatchObject({ ok: true });
});
