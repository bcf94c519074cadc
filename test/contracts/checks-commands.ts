import { expect } from "bun:test";
import type { Store, TicketStore } from "../../src/ports/store.ts";
import { commandsAfter, NOON, teacher, userId } from "./batches.ts";
import { appended, check, classOne, classTwo, type StoreCheck, started } from "./checks.ts";

const [ada, ben] = [teacher, userId(0xbe4)];
const given = (by: typeof ada, id: string, digest: string) => ({ by, command: { id, digest } });

/** What the store says, in one order: the port promises none. */
const placesOf = async ({ sessions }: Store, by: typeof ada, id: string) =>
  (await sessions.commandsOf(by, id)).toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1));

const idChecks: StoreCheck[] = [
  check(
    "ST43",
    "a command's id leads to its event and digest, in every session where its author gave it",
    async ({ store, reopen }) => {
      const [one, two] = [await started(store, 1, classOne), await started(store, 2, classTwo)];
      const first = commandsAfter(
        one.first,
        given(ada, "a", "d1"),
        given(ben, "a", "d2"),
        given(ada, "b", "d3"),
      );
      const second = commandsAfter(two.first, given(ben, "c", "d4"), given(ada, "a", "d5"));
      expect(await appended(store, first, second)).toEqual(["ok", "ok"]);
      const [here, there] = [one.head.id, two.head.id];
      for (const at of [store, (await reopen?.()) ?? store]) {
        expect(await placesOf(at, ada, "a")).toEqual([
          { sessionId: here, seq: 2, digest: "d1" },
          { sessionId: there, seq: 3, digest: "d5" },
        ]);
        expect(await placesOf(at, ben, "a")).toEqual([{ sessionId: here, seq: 3, digest: "d2" }]);
        expect(await placesOf(at, ada, "b")).toEqual([{ sessionId: here, seq: 4, digest: "d3" }]);
        expect(await placesOf(at, ada, "c")).toEqual([]);
        expect(await placesOf(at, userId(9), "a")).toEqual([]);
      }
    },
  ),
  check("ST43", "a command of a batch that was refused leads nowhere", async ({ store }) => {
    const { first } = await started(store);
    const second = commandsAfter(first, given(ada, "a", "d1"));
    const rival = commandsAfter(first, given(ada, "b", "d2"), given(ada, "a", "d3"));
    expect(await appended(store, second, rival)).toEqual(["ok", "conflict"]);
    expect(await placesOf(store, ada, "a")).toEqual([{ sessionId: first.sessionId, seq: 2, digest: "d1" }]);
    expect(await placesOf(store, ada, "b")).toEqual([]);
  }),
  check(
    "ST43",
    "many ids of several authors, asked at once, each lead to their own event",
    async ({ store }) => {
      const { head, first } = await started(store);
      const count = 700;
      const by = (n: number) => (n % 2 === 0 ? ada : ben);
      const commands = Array.from({ length: count }, (_, n) => given(by(n), `c${n}`, `d${n}`));
      expect(await appended(store, commandsAfter(first, ...commands))).toEqual(["ok"]);
      const asked = await Promise.all(
        commands.flatMap((_, n) => [placesOf(store, ada, `c${n}`), placesOf(store, ben, `c${n}`)]),
      );
      for (const [at, places] of asked.entries()) {
        const n = Math.floor(at / 2);
        const own = { sessionId: head.id, seq: 2 + n, digest: `d${n}` };
        expect(places).toEqual(by(n) === (at % 2 === 0 ? ada : ben) ? [own] : []);
      }
    },
  ),
];

/** Ten takes of one ticket, none waiting for another. */
const takenAtOnce = (tickets: TicketStore, hash: string) =>
  Promise.all(Array.from({ length: 10 }, () => tickets.take(hash, NOON)));

const ticketChecks: StoreCheck[] = [
  check("ST44", "a ticket is taken once, by its own name alone", async ({ store: { tickets } }) => {
    await tickets.add("one", ada, NOON + 30, NOON);
    await tickets.add("two", ben, NOON + 30, NOON);
    expect(await tickets.take("three", NOON)).toBeNull();
    expect(await tickets.take("one", NOON + 1)).toBe(ada);
    expect(await tickets.take("one", NOON + 1)).toBeNull();
    expect(await tickets.take("two", NOON + 1)).toBe(ben);
  }),
  check(
    "ST44",
    "a ticket holds up to its last millisecond, and is refused after it",
    async ({ store: { tickets } }) => {
      for (const hash of ["one", "two"]) await tickets.add(hash, ada, NOON + 30, NOON);
      expect(await tickets.take("one", NOON + 30)).toBe(ada);
      expect(await tickets.take("two", NOON + 31)).toBeNull();
      expect(await tickets.take("two", NOON)).toBeNull();
    },
  ),
  check("ST44", "a new ticket takes away none that still holds", async ({ store: { tickets } }) => {
    await tickets.add("old", ada, NOON, NOON - 30);
    await tickets.add("one", ada, NOON + 30, NOON);
    await tickets.add("two", ada, NOON + 60, NOON + 30);
    expect(await tickets.take("one", NOON + 30)).toBe(ada);
    expect(await tickets.take("old", NOON + 30)).toBeNull();
  }),
  check("ST44", "of takes at once one gets the ticket", async ({ store: { tickets } }) => {
    await tickets.add("one", ada, NOON + 30, NOON);
    const taken = await takenAtOnce(tickets, "one");
    expect(taken.filter((who) => who !== null)).toEqual([ada]);
  }),
  check("ST44", "a ticket outlives a kill, and one that was taken stays taken", async ({ store, reopen }) => {
    for (const hash of ["one", "two"]) await store.tickets.add(hash, ada, NOON + 30, NOON);
    await store.tickets.take("one", NOON);
    const after = await reopen?.();
    if (!after) return;
    expect(await after.tickets.take("one", NOON)).toBeNull();
    expect(await after.tickets.take("two", NOON)).toBe(ada);
  }),
];

/** Command ids and tickets. */
export const commandChecks: readonly StoreCheck[] = [...idChecks, ...ticketChecks];
