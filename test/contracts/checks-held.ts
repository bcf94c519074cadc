import { expect } from "bun:test";
import type { Store } from "../../src/ports/store.ts";
import { endAfter, marksAfter, NOON, sessionId, stored, teacher, userId } from "./batches.ts";
import { appended, check, classOne, classTwo, recordOf, type StoreCheck, started } from "./checks.ts";
import { person } from "./checks-people.ts";

/** Session `count`, started and ended; `present` of the students 1 to 3 were. */
async function held(store: Store, count: number, of = classOne, present = 0) {
  const { head, first } = await started(store, count, of);
  const at = NOON + count;
  await appended(store, endAfter(first, at));
  const records = [1, 2, 3].map((student) => ({
    ...recordOf(head, userId(student)),
    status: student <= present ? ("present" as const) : ("absent" as const),
    at,
  }));
  await store.records.project(head.id, records, 2);
  return { head: { ...head, endedAt: at, headSeq: 2, projectedSeq: 2 }, records };
}

const idsOf = (heads: readonly { readonly id: string }[]) => heads.map(({ id }) => id);

/** What was held, in pages, and who is found. */
export const heldChecks: readonly StoreCheck[] = [
  check("HI7", "a class's sessions come in pages, the last started first, with counts", async ({ store }) => {
    // Neither the ids nor the clock follow the order of the starts.
    const [three, one] = [await held(store, 3, classOne, 1), await held(store, 1, classOne, 3)];
    await held(store, 5, classTwo);
    const { head } = await started(store, 2);
    const all = await store.sessions.held({ classId: classOne }, null, 9);
    expect(all).toEqual([
      { ...head, present: 0, absent: 0 },
      { ...one.head, present: 3, absent: 0 },
      { ...three.head, present: 1, absent: 2 },
    ]);
    const page = (before: number, limit: number) =>
      store.sessions.held({ classId: classOne }, sessionId(before), limit);
    expect(idsOf(await page(2, 1))).toEqual([one.head.id]);
    expect(idsOf(await page(2, 9))).toEqual([one.head.id, three.head.id]);
    expect(await page(3, 9)).toEqual([]);
    expect(await page(99, 9)).toEqual([]);
  }),
  check("HI7", "a teacher's sessions of all classes come so too, and no other's", async ({ store }) => {
    for (const [count, of] of [[4, classTwo] as const, [2, classOne] as const]) await held(store, count, of);
    const mine = await store.sessions.held({ teacherId: teacher }, null, 9);
    expect(idsOf(mine)).toEqual([2, 4].map(sessionId));
    expect(idsOf(await store.sessions.held({ teacherId: teacher }, sessionId(2), 9))).toEqual([sessionId(4)]);
    expect(await store.sessions.held({ teacherId: userId(1) }, null, 9)).toEqual([]);
  }),
  check("HI7", "a later projection counts anew", async ({ store }) => {
    const { head, records } = await held(store, 1, classOne, 1);
    const better = records.map((record) => ({ ...record, status: "present" as const }));
    await store.records.project(head.id, better, 2);
    expect(await store.sessions.held({ classId: classOne }, null, 9)).toMatchObject([
      { present: 3, absent: 0 },
    ]);
  }),
  check("HI7", "a student's records of a class come so too, of ended sessions alone", async ({ store }) => {
    const [two, one] = [await held(store, 2, classOne, 1), await held(store, 1)];
    await held(store, 5, classTwo);
    await started(store, 3);
    const dated = ({ head, records }: typeof two) => ({ ...records[0], startedAt: head.startedAt });
    const own = (before: number | null, limit = 9) =>
      store.records.ofStudent(classOne, userId(1), before === null ? null : sessionId(before), limit);
    expect<unknown>(await own(null)).toEqual([dated(one), dated(two)]);
    expect<unknown>(await own(null, 1)).toEqual([dated(one)]);
    expect<unknown>(await own(1)).toEqual([dated(two)]);
    expect(await own(2)).toEqual([]);
    expect(await own(99)).toEqual([]);
    expect(await store.records.ofStudent(classOne, userId(9), null, 9)).toEqual([]);
  }),
  check("HI9", "a log is read in pieces of as many batches as asked", async ({ store }) => {
    const { head, first } = await started(store);
    const second = marksAfter(first);
    const third = marksAfter(second);
    for (const batch of [second, third]) await appended(store, batch);
    expect(await store.sessions.read(head.id, 0, 2)).toEqual([first, second].map(stored));
    expect(await store.sessions.read(head.id, 2, 2)).toEqual([stored(third)]);
    expect(await store.sessions.read(head.id, 3, 2)).toEqual([]);
  }),
  check("HI5", "students are found by a part of name or email, in any letter case", async ({ store }) => {
    const people = [
      person(1, "Zoë Özdemir"),
      person(2, "ada"),
      { ...person(3, "Adam_100%"), email: "x@ÖSTERREICH.test".toLowerCase() },
      person(4, "Ada", "teacher"),
    ];
    for (const one of people) await store.users.add({ ...one, email: one.email.replaceAll(" ", ".") });
    const found = async (text: string, limit = 9) =>
      (await store.users.findStudents(text, limit)).map(({ name }) => name);
    expect(await found("ADA")).toEqual(["ada", "Adam_100%"]);
    expect(await found("ADA", 1)).toEqual(["ada"]);
    expect(await found("öZ")).toEqual(["Zoë Özdemir"]);
    expect(await found("österr")).toEqual(["Adam_100%"]);
    expect(await found("school.test")).toEqual(["ada", "Zoë Özdemir"]);
    for (const none of ["a%a", "d__", "*", "nobody"]) expect(await found(none)).toEqual([]);
    expect(await found("_100%")).toEqual(["Adam_100%"]);
  }),
];
