import { expect, test } from "bun:test";
import { createOutsiders } from "../../src/commands/outsiders.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { OutsideToken } from "../../src/ports/identity.ts";
import type { Store } from "../../src/ports/store.ts";
import type { TrailFact } from "../../src/ports/trail.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { NOON, userId } from "../contracts/batches.ts";
import { person } from "../contracts/checks-people.ts";

const MIA = userId(7);

const tokenOf = (changes: Partial<OutsideToken> = {}): OutsideToken => ({
  kind: "outside",
  issuer: "https://issuer.test",
  subject: MIA,
  role: "student",
  name: "Mia",
  email: "mia@school.test",
  issuedAt: NOON,
  validFrom: 0,
  validUntil: NOON + 3_600_000,
  ...changes,
});

/** A node over the store; `told` is what the issuer's /userinfo says. */
function nodeOn(store: Store, told = { name: "Told", email: "told@school.test" }) {
  const asked: string[] = [];
  const ended: UserId[] = [];
  const written: TrailFact[] = [];
  const outsiders = createOutsiders({
    users: store.users,
    clock: { now: () => NOON + 5 },
    profiles: {
      of: async (text) => {
        asked.push(text);
        return told;
      },
    },
    ended: async (user) => void ended.push(user),
    trail: { note: async (fact) => void written.push(fact) },
  });
  const come = (changes: Partial<OutsideToken> = {}) => outsiders(tokenOf(changes), "text");
  return { come, asked, ended, written };
}

test("OI6 several nodes and requests at once make one user of a new sub", async () => {
  const store = createMemoryStore();
  const [one, two] = [nodeOn(store), nodeOn(store)];
  const found = await Promise.all([one.come(), one.come(), two.come(), two.come()]);
  expect(new Set(found.map((user) => (typeof user === "string" ? user : user.id)))).toEqual(new Set([MIA]));
  expect(await store.users.count()).toBe(1);
  expect([one.asked, two.asked]).toEqual([[], []]);
});

test("OI8 what a first token does not tell is asked of /userinfo, once", async () => {
  const store = createMemoryStore();
  const { come, asked } = nodeOn(store);
  const nameless = { name: null };
  await Promise.all([come(nameless), come(nameless), come(nameless)]);
  await come({ ...nameless, issuedAt: NOON + 1000 });
  expect(asked).toEqual(["text"]);
  expect(await store.users.byId(MIA)).toMatchObject({ name: "Told", email: "mia@school.test" });
});

test("OI6 a newer token's role and name are taken over; what it leaves out stays; sockets of the old role end", async () => {
  const store = createMemoryStore();
  const { come, ended } = nodeOn(store);
  await come();
  await come({ name: "Mia Klein", email: null, issuedAt: NOON + 1000 });
  expect(await store.users.byId(MIA)).toMatchObject({
    name: "Mia Klein",
    email: "mia@school.test",
    role: "student",
  });
  expect(ended).toEqual([]);
  expect(await come({ role: "teacher", issuedAt: NOON + 2000 })).toMatchObject({ role: "teacher" });
  expect(ended).toEqual([MIA]);
});

test("OI6 a token from before a change of role is refused, whichever role it gives", async () => {
  const store = createMemoryStore();
  const { come } = nodeOn(store);
  await come({ role: "teacher" });
  const demoted = await come({ role: "student", issuedAt: NOON + 2000 });
  expect(demoted).toMatchObject({ role: "student" });
  expect(await come({ role: "teacher" })).toBe("superseded");
  expect(await come({ role: "teacher", issuedAt: NOON + 1000 })).toBe("superseded");
  expect(await come({ role: "student", issuedAt: NOON + 1000 })).toBe("superseded");
  expect(await come({ role: "teacher", issuedAt: NOON + 2000 })).toBe("superseded");
  expect(await come({ role: "student", issuedAt: NOON + 2000 })).toMatchObject({ role: "student" });
});

test("OI6 an older token of the same role, as another device has it, still passes and changes nothing", async () => {
  const store = createMemoryStore();
  const { come } = nodeOn(store);
  await come({ name: "Newer", issuedAt: NOON + 1000 });
  expect(await come({ name: "Older" })).toMatchObject({ name: "Newer" });
});

test("OI2 an issuer's token of before what ends tokens is refused, and of the next second passes", async () => {
  const store = createMemoryStore();
  const { come } = nodeOn(store);
  await come();
  await store.users.update(MIA, { tokensFrom: NOON + 500 });
  expect(await come()).toBe("superseded");
  expect(await come({ role: "teacher", issuedAt: NOON })).toBe("superseded");
  expect(await come({ issuedAt: NOON + 1000 })).toMatchObject({ id: MIA, role: "student" });
});

test("OI6 a sub that is a local user's id is not that user", async () => {
  const store = createMemoryStore();
  await store.users.add(person(7, "Ada", "teacher"));
  const { come } = nodeOn(store);
  expect(await come()).toBe("subject-taken");
  expect(await store.users.byId(MIA)).toEqual(person(7, "Ada", "teacher"));
});

test("OI6 an email that a local account holds is not merged", async () => {
  const store = createMemoryStore();
  const ada = person(1, "Ada", "teacher");
  await store.users.add(ada);
  const { come } = nodeOn(store);
  expect(await come({ email: ada.email })).toMatchObject({ id: MIA, role: "student" });
  expect(await store.users.byEmail(ada.email)).toEqual(ada);
});

test("OI1 an outside user who is disabled is refused", async () => {
  const store = createMemoryStore();
  const { come } = nodeOn(store);
  await come();
  await store.users.update(MIA, { disabled: true });
  expect(await come()).toBe("disabled");
  expect(await come({ issuedAt: NOON + 1000 })).toBe("disabled");
});

test("AU1 who the issuer makes a user, and the role that it gives another time, are written down once", async () => {
  const { come, written } = nodeOn(createMemoryStore());
  await Promise.all([come(), come()]);
  await come({ name: "Mia Klein", issuedAt: NOON + 1000 });
  for (let n = 0; n < 2; n++) await come({ role: "teacher", issuedAt: NOON + 2000 });
  expect(written).toEqual([
    { deed: "signed-up", actor: MIA, subject: MIA, from: "issuer", to: "student" },
    { deed: "role-changed", actor: null, subject: MIA, from: "student", to: "teacher" },
  ]);
});
