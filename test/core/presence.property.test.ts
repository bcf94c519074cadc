import { expect, test } from "bun:test";
import fc from "fast-check";
import { refuse } from "../../src/core/errors.ts";
import { lengthWithin, type Stay, union } from "../../src/core/presence/intervals.ts";
import { type PresencePolicy, propose } from "../../src/core/presence/policy.ts";
import { end, enter, leave } from "../../src/core/session/decide.ts";
import type { Witness } from "../../src/core/session/events.ts";
import { begun, carryOut, user } from "./arbitrary.ts";

const WITNESSES: readonly Witness[] = ["socket", "webhook", "list", "last-sign-of-life", "end"];
const END = 200;

const stay = fc.record({
  device: fc.constantFrom("phone", "laptop"),
  from: fc.integer({ min: 0, max: END }),
  fromBy: fc.constantFrom(...WITNESSES),
  to: fc.option(fc.integer({ min: 0, max: END }), { nil: null }),
  toBy: fc.constantFrom(...WITNESSES),
});
const stays = fc.array(stay, { maxLength: 12 });
const bridge = fc.integer({ min: 0, max: 20 });

const covers = ({ from, to }: Pick<Stay, "from" | "to">, at: number): boolean =>
  at >= from && (to === null || at < to);

test("PR1 somebody is there exactly while one of their devices is, bridged gaps apart", () => {
  fc.assert(
    fc.property(stays, bridge, (given, bridgeMs) => {
      const intervals = union(given, bridgeMs);
      const bridged = intervals.flatMap((each) => each.bridged);
      for (let at = 0; at <= END; at++) {
        const there = given.some((each) => covers(each, at));
        const gap = bridged.some(([from, to]) => at >= from && at < to);
        expect(intervals.some((each) => covers(each, at))).toBe(there || gap);
        expect(there && gap).toBe(false);
      }
    }),
  );
});

test("PR2 intervals are in order, do not touch, and gaps between them are as long as the bridge at least", () => {
  fc.assert(
    fc.property(stays, bridge, (given, bridgeMs) => {
      const intervals = union(given, bridgeMs);
      for (const [index, next] of intervals.slice(1).entries()) {
        const { to } = intervals[index] ?? { to: null };
        expect(to).not.toBeNull();
        expect(next.from - (to ?? 0)).toBeGreaterThanOrEqual(Math.max(1, bridgeMs));
      }
      for (const { bridged } of intervals)
        for (const [from, to] of bridged) expect(to - from).toBeLessThan(bridgeMs);
    }),
  );
});

test("PR3 the order in which stays became known changes nothing but who witnessed ends of the same moment", () => {
  const bounds = (given: readonly Stay[], ms: number) => union(given, ms).map(({ from, to }) => [from, to]);
  fc.assert(
    fc.property(stays, bridge, (given, bridgeMs) => {
      expect(bounds([...given].reverse(), bridgeMs)).toEqual(bounds(given, bridgeMs));
    }),
  );
});

test("PR3 a clock that jumps moves the stay that saw it and takes nothing from the others", () => {
  const jump = fc.integer({ min: -END, max: END });
  fc.assert(
    fc.property(stays, stay, jump, bridge, (others, seen, ms, bridgeMs) => {
      const jumped = { ...seen, to: seen.to === null ? null : seen.to + ms };
      const [without, beside] = [union(others, bridgeMs), union([...others, jumped], bridgeMs)];
      for (const { from, to } of beside) expect(to === null || to >= from).toBe(true);
      for (let at = 0; at <= END; at++)
        if (without.some((each) => covers(each, at)))
          expect(beside.some((each) => covers(each, at))).toBe(true);
      const [before, after] = [without, beside].map((each) => lengthWithin(each, 0, END));
      const own = Math.max(0, Math.min(jumped.to ?? END, END) - jumped.from);
      expect(after).toBeGreaterThanOrEqual(before ?? 0);
      expect(after).toBeLessThanOrEqual((before ?? 0) + own + 2 * bridgeMs);
    }),
  );
});

test("PR4 time in the room is no longer than the session and grows with its window", () => {
  fc.assert(
    fc.property(stays, bridge, fc.integer({ min: 0, max: END }), (given, bridgeMs, to) => {
      const intervals = union(given, bridgeMs);
      expect(lengthWithin(intervals, 0, to)).toBeLessThanOrEqual(to);
      expect(lengthWithin(intervals, 0, to)).toBeLessThanOrEqual(lengthWithin(intervals, 0, END));
    }),
  );
});

test("PR5 present from the measure on, and never without having been there", () => {
  const [minute, hour] = [60_000, 3_600_000];
  const of = (sessionMs: number, inRoomMs: number) => ({ sessionMs, inRoomMs, bridgeMs: minute });
  const half = { kind: "share", percent: 50 } as const;
  expect(propose(half, of(hour, hour / 2)).status).toBe("present");
  expect(propose(half, of(hour, hour / 2 - 1)).status).toBe("absent");
  const ten = { kind: "minutes", minutes: 10 } as const;
  expect(propose(ten, of(hour, 10 * minute))).toEqual({
    status: "present",
    inRoomMs: 10 * minute,
    sessionMs: hour,
    neededMs: 10 * minute,
  });
  expect(propose(ten, of(hour, 10 * minute - 1)).status).toBe("absent");
  expect(propose(ten, of(0, 0)).status).toBe("absent");
});

test("PR5 what asks for all of a session asks for all but a gap too short to count, and for half of one of a minute", () => {
  const minute = 60_000;
  const of = (sessionMs: number, inRoomMs: number) => ({ sessionMs, inRoomMs, bridgeMs: minute });
  const ten = { kind: "minutes", minutes: 10 } as const;
  const all = { kind: "share", percent: 100 } as const;
  for (const policy of [ten, all]) {
    expect(propose(policy, of(6 * minute, 5 * minute)).status).toBe("present");
    expect(propose(policy, of(6 * minute, 5 * minute - 1)).status).toBe("absent");
    expect(propose(policy, of(13_000, 6500)).status).toBe("present");
    expect(propose(policy, of(13_000, 6499)).status).toBe("absent");
  }
});

test("PR5 a stricter rule never asks for less, and none for more than all but a gap too short to count", () => {
  const length = fc.integer({ min: 0, max: 10_000_000 });
  const share = fc.integer({ min: 1, max: 100 });
  const minutes = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(length, bridge, share, share, minutes, minutes, (sessionMs, bridgeMs, a, b, m, n) => {
      const needed = (policy: PresencePolicy) =>
        propose(policy, { inRoomMs: 0, sessionMs, bridgeMs }).neededMs;
      const ofShare = (percent: number) => needed({ kind: "share", percent });
      const ofMinutes = (count: number) => needed({ kind: "minutes", minutes: count });
      expect(ofShare(Math.min(a, b))).toBeLessThanOrEqual(ofShare(Math.max(a, b)));
      expect(ofMinutes(Math.min(m, n))).toBeLessThanOrEqual(ofMinutes(Math.max(m, n)));
      const most = Math.ceil(Math.max(sessionMs - bridgeMs, sessionMs / 2));
      expect(Math.max(ofShare(a), ofMinutes(m))).toBeLessThanOrEqual(most);
    }),
  );
});

const witness = "socket" as const;

test("PR6 a device enters and leaves by turns, and the end sees everyone out", () => {
  const { session, log } = begun([user(1), user(2)]);
  const phone = { user: user(1), device: "phone", witness };
  const twice = enter(session, { ...phone, when: 1100 });
  carryOut(session, log, twice);
  expect(enter(session, { ...phone, when: 1150 })).toMatchObject({ ok: true, events: [] });
  carryOut(session, log, enter(session, { ...phone, device: "laptop", when: 1200 }));
  carryOut(session, log, leave(session, { ...phone, when: 1300 }));
  expect(leave(session, { ...phone, when: 1350 })).toMatchObject({ ok: true, events: [] });
  carryOut(session, log, end(session, [user(1), user(2)]));
  const { endedAt } = session;
  expect(session.stays.get(user(1))).toEqual([
    { device: "phone", from: 1100, fromBy: "socket", to: 1300, toBy: "socket" },
    { device: "laptop", from: 1200, fromBy: "socket", to: endedAt, toBy: "end" },
  ]);
  expect(enter(session, { ...phone, when: 2000 })).toEqual(refuse("no-active-session"));
  expect(leave(session, { ...phone, when: 2000 })).toMatchObject({ ok: true, events: [] });
});
