import { expect, test } from "bun:test";
import { areAtFirst, SETTINGS_AT_FIRST, settingsOf } from "../../src/core/class-settings.ts";
import { policyOf } from "../../src/core/presence/policy.ts";
import { timeInRoom, timeKept } from "../../src/core/presence/time-in-room.ts";
import { recordsOf } from "../../src/core/records.ts";
import { end, mark, type Passing, pass } from "../../src/core/session/decide.ts";
import { copyOf, replay } from "../../src/core/session/state.ts";
import { begun, carryOut, sessionId, user } from "./arbitrary.ts";

const [ada, ben, cleo, dan] = [user(1), user(2), user(3), user(4)];
const roll = [ada, ben, cleo, dan];
const half = { kind: "share", percent: 50 } as const;

const through = (type: Passing["type"], who: typeof ada, when: number, device = "phone"): Passing => ({
  type,
  user: who,
  device,
  when,
  witness: "socket",
});

/** A session of ten seconds from 1,000 on: Ada was there for six, Ben for four, Cleo and Dan never. */
function held() {
  const { session, log } = begun(roll);
  const passings = [
    through("entered", ada, 2000),
    through("entered", ben, 2000),
    through("left", ben, 6000),
    through("left", ada, 8000),
  ];
  carryOut(session, log, pass(session, passings, 10));
  return { session, log };
}

const room = { at: 11_000, bridgeMs: 60, rule: { ...half, apply: "set" } } as const;

test("PR9 the end sets what the policy says for the unmarked, and leaves what was marked by hand", () => {
  const { session, log } = held();
  carryOut(session, log, mark(session, cleo, "present"));
  const marked = end(session, roll, room);
  expect(marked).toMatchObject({ ok: true, value: { present: 2, absent: 2, total: 4 } });
  carryOut(session, log, marked);
  expect([...session.marks].map(([who, { status }]) => [who, status])).toEqual([
    [cleo, "present"],
    [ada, "present"],
    [ben, "absent"],
    [dan, "absent"],
  ]);
  expect(session.policy).toEqual({
    policy: half,
    sessionMs: 10_000,
    neededMs: 5000,
    inRoom: [
      [ada, 6000],
      [ben, 4000],
    ],
  });
  const byWhom = recordsOf(session, log).map(({ studentId, by }) => [studentId, by]);
  expect(byWhom).toEqual([
    [ada, "system"],
    [ben, "system"],
    [cleo, "teacher"],
    [dan, "system"],
  ]);
});

test("PR9 a mark by hand of absent stands, however long its student was there", () => {
  const { session, log } = held();
  carryOut(session, log, mark(session, ada, "absent"));
  carryOut(session, log, end(session, roll, room));
  expect(session.marks.get(ada)?.status).toBe("absent");
  expect(session.policy?.inRoom).toEqual([[ben, 4000]]);
});

test("PR9 without a policy that sets marks the unmarked are absent, and the log says what gap counted", () => {
  const { session, log } = held();
  carryOut(session, log, end(session, roll, { ...room, rule: null }));
  expect(session.present).toBe(0);
  expect(log.at(-1)).toMatchObject({ type: "ended", bridgeMs: 60 });
  expect(log.at(-1)).not.toHaveProperty("policy");
  const nobody = begun(roll);
  carryOut(nobody.session, nobody.log, end(nobody.session, roll, { ...room, rule: null }));
  expect(nobody.log.at(-1)).not.toHaveProperty("bridgeMs");
});

test("PR19 where the policy proposes, the end keeps what it asked for, but not of a room where nobody was", () => {
  const { session, log } = held();
  const rule = { ...half, apply: "propose" } as const;
  carryOut(session, log, end(session, roll, { ...room, rule }));
  expect(session.present).toBe(0);
  expect(session.policy).toBeNull();
  expect(session.proposed).toEqual({ policy: half, sessionMs: 10_000, neededMs: 5000 });
  expect(replay(sessionId, log).proposed).toEqual(session.proposed);
  const nobody = begun(roll);
  carryOut(nobody.session, nobody.log, end(nobody.session, roll, { ...room, rule }));
  expect(nobody.log.at(-1)).not.toHaveProperty("proposed");
});

test("PR4 a record holds the time in the room as the log has it, nothing for who was never there", () => {
  const { session, log } = held();
  carryOut(session, log, pass(session, [through("entered", ben, 6040)], 10));
  carryOut(session, log, end(session, roll, { ...room, rule: null }));
  const again = recordsOf(replay(sessionId, log), log);
  expect(again.map(({ room: time }) => time?.intervals ?? null)).toEqual([
    [{ from: 2000, fromBy: "socket", to: 8000, toBy: "socket", bridged: [] }],
    [{ from: 2000, fromBy: "socket", to: 6040, toBy: "end", bridged: [[6000, 6040]] }],
    null,
    null,
  ]);
  for (const { room: time } of again) expect(timeKept(JSON.parse(JSON.stringify(time)))).toEqual(time);
});

test("PR4 what a store kept that is no time in a room is none", () => {
  for (const odd of [null, 5, "", [], {}, { inRoomMs: 1 }, { inRoomMs: 1, intervals: [{ from: "x" }] }])
    expect(timeKept(odd)).toBeNull();
});

test("PR6 those who pass in one commit are taken in their order, each by turns", () => {
  const { session } = begun(roll);
  const [inside, out] = [through("entered", ada, 1100), through("left", ada, 1200)];
  const decision = pass(session, [out, inside, inside, out, out, inside], 10);
  expect(decision).toMatchObject({ ok: true, events: [inside, out, inside] });
});

test("PR7 of one person so many stays are kept and no more, and of others theirs", () => {
  const { session, log } = begun(roll);
  const flicker = Array.from({ length: 5 }, (_, at) => [
    through("entered", ada, 1000 + 2 * at),
    through("left", ada, 1001 + 2 * at),
  ]).flat();
  carryOut(session, log, pass(session, [...flicker, through("entered", ben, 2000)], 3));
  expect(session.stays.get(ada)?.map(({ from }) => from)).toEqual([1000, 1002, 1004]);
  expect(session.stays.get(ben)).toHaveLength(1);
  expect(pass(session, [through("entered", ada, 3000)], 3)).toMatchObject({ ok: true, events: [] });
});

test("PR6 a copy of a session is apart: who leaves the one is still in the other", () => {
  const { session, log } = begun(roll);
  carryOut(session, log, pass(session, [through("entered", ada, 1100)], 10));
  const copy = copyOf(session);
  carryOut(session, log, pass(session, [through("left", ada, 1200)], 10));
  expect(timeInRoom(copy, ada, 5000, 0).intervals.at(-1)?.to).toBeNull();
  expect(timeInRoom(session, ada, 5000, 0).intervals.at(-1)?.to).toBe(1200);
});

test("PR8 settings that a store kept are read as they are, and odd ones as at first", () => {
  const rule = { kind: "minutes", minutes: 5, apply: "set" } as const;
  expect(settingsOf({ presence: rule })).toEqual({ presence: rule, keepsChat: false });
  expect(areAtFirst(settingsOf({ presence: rule }))).toBe(false);
  expect(areAtFirst(settingsOf({ keepsChat: true }))).toBe(false);
  expect(policyOf(rule)).toEqual({ kind: "minutes", minutes: 5 });
  for (const odd of [null, 5, [], {}, { presence: 1 }, { presence: { kind: "share", apply: "set" } }])
    expect(settingsOf(odd)).toEqual(SETTINGS_AT_FIRST);
});
