import { expect } from "bun:test";
import type { SessionId } from "../../src/core/ids.ts";
import type { AttendanceRecord } from "../../src/core/records.ts";
import type { Status } from "../../src/core/session/events.ts";
import type { AuditEntry, Store } from "../../src/ports/store.ts";
import { endAfter, NOON, userId } from "./batches.ts";
import { appended, check, classOne, classTwo, recordOf, type StoreCheck, started } from "./checks.ts";

/** Holds a session from start to end; `minute` is when it ends. */
async function held(store: Store, count: number, minute: number, of = classOne): Promise<RecordOf> {
  const { head, first } = await started(store, count, of);
  const at = NOON + minute * 60_000;
  await appended(store, endAfter(first, at));
  return (student, status) => ({ ...recordOf(head, userId(student)), status, at });
}

type RecordOf = (student: number, status: Status) => AttendanceRecord;

const byStudent = (a: AttendanceRecord, b: AttendanceRecord) => (a.studentId < b.studentId ? -1 : 1);

const sorted = async (store: Store, id: SessionId) => (await store.records.ofSession(id)).toSorted(byStudent);

const ROOM: AttendanceRecord["room"] = {
  inRoomMs: 5000,
  intervals: [
    { from: NOON, fromBy: "socket", to: NOON + 4000, toBy: "webhook", bridged: [[NOON + 1, NOON + 2]] },
    { from: NOON + 9000, fromBy: "list", to: null, toBy: null, bridged: [] },
  ],
};

const recordChecks: StoreCheck[] = [
  check("ST17", "records are written together with how far they show the log", async ({ store }) => {
    const record = await held(store, 1, 10);
    const records = [{ ...record(1, "present"), room: ROOM }, record(2, "absent")];
    const id = record(1, "present").sessionId;
    expect(await store.records.ofSession(id)).toEqual([]);
    await store.records.project(id, records, 2);
    expect(await sorted(store, id)).toEqual(records);
    expect((await store.sessions.head(id))?.projectedSeq).toBe(2);
    const ofAda = await store.records.ofStudent(classOne, userId(1), null, 5);
    expect(ofAda.map(({ room }) => room)).toEqual([ROOM]);
  }),
  check("ST17", "writing them again changes nothing", async ({ store }) => {
    const record = await held(store, 1, 10);
    const records = [record(1, "present"), record(2, "absent")];
    const id = record(1, "present").sessionId;
    for (let round = 0; round < 2; round++) await store.records.project(id, records, 2);
    expect(await sorted(store, id)).toEqual(records);
    expect((await store.sessions.head(id))?.projectedSeq).toBe(2);
  }),
  check(
    "ST88",
    "a removed session is gone whole, for good, and no other is touched",
    async ({ store, reopen }) => {
      const [gone, kept] = [await held(store, 1, 10), await held(store, 2, 20)];
      const [id, other] = [gone(1, "present").sessionId, kept(1, "present").sessionId];
      for (const [one, record] of [
        [id, gone],
        [other, kept],
      ] as const)
        await store.records.project(one, [record(1, "present")], 2);
      await store.sessions.remove(id);
      await store.sessions.remove(id);
      for (const { sessions, records } of [store, (await reopen?.()) ?? store]) {
        expect(await sessions.head(id)).toBeNull();
        expect(await sessions.read(id, 0)).toEqual([]);
        expect(await records.ofSession(id)).toEqual([]);
        expect((await sessions.pageByStart(null, 10)).map((head) => head.id)).toEqual([other]);
        expect((await sessions.read(other, 0)).length).toBe(2);
        expect(await records.ofSession(other)).toEqual([kept(1, "present")]);
      }
    },
  ),
  check("ST18", "a later projection replaces statuses and removes what it lacks", async ({ store }) => {
    const [record, other] = [await held(store, 1, 10), await held(store, 2, 20, classTwo)];
    const id = record(1, "present").sessionId;
    await store.records.project(other(1, "absent").sessionId, [other(1, "absent")], 2);
    await store.records.project(id, [record(1, "absent"), record(2, "absent")], 2);
    await store.records.project(id, [record(1, "present"), record(3, "absent")], 3);
    expect(await sorted(store, id)).toEqual([record(1, "present"), record(3, "absent")]);
    expect((await store.sessions.head(id))?.projectedSeq).toBe(3);
    expect(await store.records.ofSession(other(1, "absent").sessionId)).toEqual([other(1, "absent")]);
    expect(await store.records.latest(classOne, userId(2))).toBeNull();
  }),
  check(
    "ST19",
    "the latest status is of the session that was started last, of those that ended and have a record of the student",
    async ({ store }) => {
      // Neither the ids, nor the clock, nor the order of writing follow the order of the starts.
      const [first, middle, last, elsewhere] = [
        await held(store, 3, 20),
        await held(store, 1, 30),
        await held(store, 2, 10),
        await held(store, 4, 40, classTwo),
      ];
      const write = (record: AttendanceRecord) => store.records.project(record.sessionId, [record], 2);
      await write(last(1, "present"));
      await write(first(2, "absent"));
      await write(elsewhere(1, "absent"));
      const two = middle(2, "present");
      await store.records.project(two.sessionId, [middle(1, "absent"), two], 2);
      expect(await store.records.latest(classOne, userId(1))).toBe("present");
      expect(await store.records.latest(classOne, userId(2))).toBe("present");
      expect(await store.records.latest(classTwo, userId(1))).toBe("absent");
      expect(await store.records.latest(classOne, userId(3))).toBeNull();
    },
  ),
];

const entry = (number: number): AuditEntry => ({
  number,
  body: JSON.stringify({ number, why: "a test — ä" }),
  hash: String(number).repeat(64).slice(0, 64),
});

const auditChecks: StoreCheck[] = [
  check("ST20", "the audit chain grows one entry at a time, in order", async ({ store }) => {
    expect(await store.audit.last()).toBeNull();
    for (const number of [1, 2, 3]) expect(await store.audit.append(entry(number))).toBe("ok");
    expect(await store.audit.last()).toEqual(entry(3));
    expect(await store.audit.read(0, 9)).toEqual([entry(1), entry(2), entry(3)]);
    expect(await store.audit.read(1, 1)).toEqual([entry(2)]);
    expect(await store.audit.read(3, 9)).toEqual([]);
  }),
  check("ST21", "an audit entry whose number is taken or skips one is a conflict", async ({ store }) => {
    expect(await store.audit.append(entry(2))).toBe("conflict");
    await store.audit.append(entry(1));
    expect(await store.audit.append({ ...entry(1), body: "{}" })).toBe("conflict");
    expect(await store.audit.append(entry(3))).toBe("conflict");
    expect(await store.audit.read(0, 9)).toEqual([entry(1)]);
  }),
  check("ST21", "of audit entries appended at once with one number, one is written", async ({ store }) => {
    const outcomes = await Promise.all([1, 1, 1].map((number) => store.audit.append(entry(number))));
    expect(outcomes.toSorted()).toEqual(["conflict", "conflict", "ok"]);
    expect(await store.audit.read(0, 9)).toEqual([entry(1)]);
  }),
];

/** Records and the audit chain. */
export const keepingChecks: readonly StoreCheck[] = [...recordChecks, ...auditChecks];
