import { expect } from "bun:test";
import type { User } from "../../src/core/people.ts";
import type { UserStore } from "../../src/ports/store.ts";
import { NOON, userId } from "./batches.ts";
import { check, type StoreCheck } from "./checks.ts";
import { person } from "./checks-people.ts";

const ISSUER = "https://issuer.test/";

/** Somebody whom an issuer knows. */
const outsider = (count: number, changes: Partial<User> = {}): User => ({
  ...person(count, `Outside ${count}`),
  passwordHash: null,
  issuer: ISSUER,
  subject: `auth0|${count}`,
  claimsFrom: NOON,
  ...changes,
});

async function added(users: UserStore, ...people: readonly User[]): Promise<void> {
  for (const one of people) expect(await users.add(one)).toBe("ok");
}

const changeChecks: StoreCheck[] = [
  check("ST83", "an admin is found while one is not disabled", async ({ store: { users } }) => {
    await added(users, person(1, "Ada", "teacher"), { ...person(2, "Off", "admin"), disabled: true });
    expect(await users.hasAdmin()).toBe(false);
    await users.update(userId(1), { role: "admin" });
    expect(await users.hasAdmin()).toBe(true);
    await users.update(userId(1), { disabled: true });
    expect(await users.hasAdmin()).toBe(false);
  }),
  check("ST60", "what changes of a user changes, and nothing else of anyone", async ({ store, reopen }) => {
    const [ada, bob] = [person(1, "Ada"), person(2, "Bob")];
    await added(store.users, ada, bob);
    const changes = { name: "Ada L.", email: "al@school.test", role: "teacher", disabled: true } as const;
    expect(await store.users.update(ada.id, changes)).toBe("ok");
    expect(await store.users.update(ada.id, { passwordHash: "$new" })).toBe("ok");
    expect(await store.users.update(ada.id, {})).toBe("ok");
    expect(await store.users.update(userId(9), changes)).toBe("unknown");
    for (const { users } of [store, (await reopen?.()) ?? store]) {
      expect(await users.byEmail("al@school.test")).toEqual({ ...ada, ...changes, passwordHash: "$new" });
      expect(await users.byEmail(ada.email)).toBeNull();
      expect(await users.byId(bob.id)).toEqual(bob);
    }
  }),
  check(
    "ST60",
    "an email that another with a password has is taken, and nothing changes",
    async ({ store }) => {
      const [ada, bob] = [person(1, "Ada"), person(2, "Bob")];
      await added(store.users, ada, bob);
      expect(await store.users.update(bob.id, { name: "Robert", email: ada.email })).toBe("taken");
      expect(await store.users.byId(bob.id)).toEqual(bob);
      expect(await store.users.update(ada.id, { email: ada.email })).toBe("ok");
    },
  ),
  check("ST61", "tokensFrom becomes the time given, and always more than it was", async ({ store }) => {
    const ada = person(1, "Ada");
    await added(store.users, ada);
    const seen: (number | undefined)[] = [];
    for (const tokensFrom of [NOON, NOON, NOON - 5, NOON + 9]) {
      await store.users.update(ada.id, { tokensFrom });
      seen.push((await store.users.byId(ada.id))?.tokensFrom);
    }
    expect(seen).toEqual([NOON, NOON + 1, NOON + 2, NOON + 9]);
    await store.users.update(ada.id, { name: "Ada L." });
    expect((await store.users.byId(ada.id))?.tokensFrom).toBe(NOON + 9);
  }),
  check("ST61", "a change by what was known is not made once tokens have ended since", async ({ store }) => {
    const ada = { ...person(1, "Ada"), tokensFrom: 5 };
    await added(store.users, ada);
    const { users } = store;
    expect(await users.update(ada.id, { passwordHash: "$first", tokensFrom: NOON }, ada)).toBe("ok");
    const late = { passwordHash: "$late", email: "late@school.test", tokensFrom: NOON + 9 };
    expect(await users.update(ada.id, late, ada)).toBe("stale");
    expect(await users.update(userId(9), late, ada)).toBe("unknown");
    expect(await users.byId(ada.id)).toEqual({ ...ada, passwordHash: "$first", tokensFrom: NOON });
    await added(store.users, { ...person(2, "Lee"), email: "late@school.test" });
    const now = { tokensFrom: NOON };
    const both = ["$a", "$b"].map((passwordHash) =>
      users.update(ada.id, { passwordHash, tokensFrom: NOON }, now),
    );
    expect((await Promise.all(both)).toSorted()).toEqual(["ok", "stale"]);
  }),
];

const outsideChecks: StoreCheck[] = [
  check(
    "ST62",
    "an outside user is found by issuer and subject, after a kill too",
    async ({ store, reopen }) => {
      const [nameless, named] = [outsider(1, { name: null, email: null }), outsider(2, { role: "teacher" })];
      await added(store.users, nameless, named);
      for (const { users } of [store, (await reopen?.()) ?? store]) {
        expect(await users.bySubject(ISSUER, "auth0|1")).toEqual(nameless);
        expect(await users.byId(named.id)).toEqual(named);
        expect(await users.bySubject(ISSUER, "auth0|3")).toBeNull();
        expect(await users.bySubject("https://other.test/", "auth0|1")).toBeNull();
      }
      await added(store.users, person(3, "Ada"));
      expect((await store.users.students()).map(({ name }) => name)).toEqual(["Ada", null]);
    },
  ),
  check("ST62", "of one subject's users added at once, one is written", async ({ store }) => {
    const rivals = [1, 2, 3, 4].map((count) => outsider(count, { subject: "auth0|1", email: null }));
    const outcomes = await Promise.all(rivals.map((rival) => store.users.add(rival)));
    expect(outcomes.toSorted()).toEqual(["ok", "taken", "taken", "taken"]);
    expect(await store.users.count()).toBe(1);
  }),
  check("ST62", "a user's id is taken, whoever else is to have it", async ({ store }) => {
    await added(store.users, person(1, "Ada"));
    expect(await store.users.add(outsider(1, { subject: userId(1) }))).toBe("taken");
    expect(await store.users.byId(userId(1))).toEqual(person(1, "Ada"));
  }),
  check("ST62", "the email of somebody with a password may be an outside user's too", async ({ store }) => {
    const ada = person(1, "Ada");
    await added(store.users, outsider(2, { email: ada.email }));
    expect(await store.users.byEmail(ada.email)).toBeNull();
    await added(store.users, ada, outsider(3, { email: ada.email }));
    expect(await store.users.byEmail(ada.email)).toEqual(ada);
  }),
  check("ST63", "what a newer token says is taken over, an older one's is not", async ({ store, reopen }) => {
    const user = outsider(1);
    await added(store.users, user, outsider(2));
    const of = (claimsFrom: number, name: string) => {
      return { role: user.role, name, email: `${name.toLowerCase()}@school.test`, claimsFrom };
    };
    await store.users.takeOver(user.id, of(NOON + 2000, "Newer"));
    for (const older of [NOON + 1000, NOON + 2000]) await store.users.takeOver(user.id, of(older, "Older"));
    await store.users.takeOver(userId(9), of(NOON + 3000, "Nobody"));
    for (const { users } of [store, (await reopen?.()) ?? store]) {
      expect(await users.byId(user.id)).toEqual({ ...user, ...of(NOON + 2000, "Newer") });
      expect(await users.byId(userId(2))).toEqual(outsider(2));
    }
  }),
  check("ST63", "tokens made before one that changes the role end", async ({ store }) => {
    await added(store.users, outsider(1), outsider(2, { tokensFrom: NOON + 9000 }));
    const claims = { role: "teacher", name: null, email: null, claimsFrom: NOON + 2000 } as const;
    for (const count of [1, 2]) await store.users.takeOver(userId(count), claims);
    const [first, second] = await store.users.byIds([userId(1), userId(2)]);
    const changed = { role: "teacher", claimsFrom: NOON + 2000, tokensFrom: NOON + 2000 } as const;
    expect(first).toEqual({ ...outsider(1), ...changed });
    expect(second?.tokensFrom).toBe(NOON + 9000);
  }),
  check("ST63", "the email that somebody logs in by stays, and the rest is taken over", async ({ store }) => {
    const ada = person(1, "Ada");
    await added(store.users, ada, person(2, "Bob"));
    await store.users.link(ada.id, ISSUER, "auth0|1");
    const claims = { role: "teacher", name: "Ada L.", email: "bob@school.test", claimsFrom: NOON } as const;
    await store.users.takeOver(ada.id, claims);
    expect(await store.users.byEmail(ada.email)).toMatchObject({
      id: ada.id,
      role: "teacher",
      name: "Ada L.",
    });
  }),
  check("ST64", "a linked subject leads to the user linked last", async ({ store, reopen }) => {
    const [ada, other] = [person(1, "Ada"), outsider(2)];
    await added(store.users, ada, other);
    expect(await store.users.link(userId(9), ISSUER, "auth0|2")).toBe("unknown");
    for (let count = 0; count < 2; count++) {
      expect(await store.users.link(ada.id, ISSUER, "auth0|2")).toBe("ok");
    }
    for (const { users } of [store, (await reopen?.()) ?? store]) {
      const linked = { ...ada, issuer: ISSUER, subject: "auth0|2" };
      expect(await users.bySubject(ISSUER, "auth0|2")).toEqual(linked);
      expect(await users.byEmail(ada.email)).toEqual(linked);
      const left = { ...other, issuer: null, subject: null, disabled: true, tokensFrom: 1 };
      expect(await users.byId(other.id)).toEqual(left);
    }
  }),
];

const searchChecks: StoreCheck[] = [
  check(
    "ST65",
    "a page has those whose name or email contains the query, in any letter case",
    async ({ store }) => {
      const people = [person(3, "Ada Öhler"), person(1, "BO"), outsider(2, { name: null, email: null })];
      await added(store.users, ...people);
      const found = async (query: string) => (await store.users.page(query, null, 9)).map(({ id }) => id);
      expect(await found("")).toEqual([userId(1), userId(2), userId(3)]);
      for (const query of ["öHL", "aDa öhler@", "DA"]) expect(await found(query)).toEqual([userId(3)]);
      expect(await found("SCHOOL")).toEqual([userId(1), userId(3)]);
      await store.users.update(userId(1), { name: "Élan" });
      expect(await found("éla")).toEqual([userId(1)]);
    },
  ),
  check("ST65", "the letters of a query mean themselves", async ({ store }) => {
    await added(store.users, person(1, "100%"), person(2, "a_b"), person(3, "a.b\\"), person(4, "(a*"));
    const found = async (query: string) => (await store.users.page(query, null, 9)).map(({ id }) => id);
    const asked = ["%", "_", "a.b", "\\", "(a", "*", "'", '"', "^", "$ne"];
    expect(await Promise.all(asked.map(found))).toEqual([
      [userId(1)],
      [userId(2)],
      [userId(3)],
      [userId(3)],
      [userId(4)],
      [userId(4)],
      [],
      [],
      [],
      [],
    ]);
  }),
  check("ST65", "pages follow each other without gap or overlap", async ({ store }) => {
    await added(store.users, ...[5, 3, 1, 4, 2].map((count) => person(count, `Kim ${count}`)));
    const first = await store.users.page("kim", null, 2);
    const second = await store.users.page("kim", first.at(-1)?.id ?? null, 2);
    const third = await store.users.page("kim", second.at(-1)?.id ?? null, 2);
    expect([...first, ...second, ...third].map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map(userId));
  }),
];

/** Accounts: their changes, outside users, and search. */
export const accountChecks: readonly StoreCheck[] = [...changeChecks, ...outsideChecks, ...searchChecks];
