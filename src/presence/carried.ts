import type { UserId } from "../core/ids.ts";
import type { Stay } from "../core/presence/intervals.ts";
import type { Passing } from "../core/session/decide.ts";
import type { Session } from "../core/session/state.ts";
import type { Seen } from "../ports/room-witness.ts";
import { carriedDevice, isCarried, nodeOf } from "./devices.ts";

/** Words of leaving that came before those of coming, by the device. A participant comes once. */
export type Departed = Map<string, Passing>;

/** Whom a carrier named last in a session, and when it was asked. */
export interface Naming {
  readonly at: number;
  readonly devices: ReadonlySet<string>;
}

/** A carrier tells whole seconds, and a list may be older than the word of who has just come. */
const FRESH_MS = 2000;
/** For so long, in ms, a carrier names whose network is cut, and longer only whom it has heard of since. */
const PATIENCE_MS = 45_000;
/** The last sign of a socket's life may be so much older than the cut, in ms: as we ship it, it is asked for one every two seconds. */
const SIGN_MS = 3000;

/** The last stay of a user's device that the log has. */
export const lastStay = (session: Readonly<Session>, user: UserId, device: string): Stay | undefined =>
  session.stays.get(user)?.findLast((stay) => stay.device === device);

/**
 * PR13: what of these is to be written, in the order in which it happened, where the carrier's words come late, twice or
 * out of order: whose leaving is known comes in with it or not at all. Who left too early to be known is put into `departed`.
 */
export function inTurn(
  session: Readonly<Session>,
  passings: readonly Passing[],
  departed: Departed,
): Passing[] {
  const known = new Map<string, Passing["type"]>();
  return passings.flatMap((one): Passing[] => {
    const { user, device, type } = one;
    if (!isCarried(device)) return [one];
    const last = known.get(device);
    if (type === "left") {
      if (!last && !lastStay(session, user, device)) departed.set(device, one);
      else known.set(device, "left");
      return [one];
    }
    if (last || isOver(session, one)) return [];
    const left = departed.get(device);
    known.set(device, left ? "left" : "entered");
    return left ? [one, left] : [one];
  });
}

/** A list may be older than a coming that it does not name, so another may see in whom it saw out; a webhook is never newer. */
function isOver(session: Readonly<Session>, { user, device, witness }: Passing): boolean {
  const last = lastStay(session, user, device);
  if (!last || last.to === null) return false;
  return witness !== "list" || last.toBy === "webhook";
}

/** PR13: what a carrier's list of `at` says that the log does not. */
export function differences(
  session: Readonly<Session>,
  present: readonly Omit<Seen, "session">[],
  at: number,
  before: Naming | undefined,
): Passing[] {
  const there = new Set(present.map(({ user, device }) => `${user}\n${carriedDevice(device)}`));
  const gone = [...session.stays].flatMap(([user, ofUser]) => {
    const missing = ofUser.filter(
      ({ device, from }) => !there.has(`${user}\n${device}`) && from < at - FRESH_MS,
    );
    return leavings(user, missing, before, "list");
  });
  const listed = present.flatMap((one): Passing[] => {
    const when = since(session, one, at);
    const device = carriedDevice(one.device);
    return when === null ? [] : [{ type: "entered", user: one.user, device, when, witness: "list" }];
  });
  return [...gone, ...listed];
}

/** PR18: whose leaving nobody told was there last when the carrier named them last. */
export const leavings = (
  user: UserId,
  stays: readonly Stay[],
  before: Naming | undefined,
  witness: Passing["witness"],
): Passing[] =>
  stays.flatMap(({ device, from, to }): Passing[] => {
    if (to !== null || !isCarried(device)) return [];
    const when = before?.devices.has(device) ? Math.max(from, before.at) : from;
    return [{ type: "left", user, device, when, witness }];
  });

/**
 * PR61: whose network is cut is so for the carrier too, which notices it later than it happened, and later or sooner than
 * we do: they left it as they left us, also where it has said otherwise by now.
 */
export function withCarried(session: Readonly<Session>, passings: readonly Passing[]): Passing[] {
  const left = new Set<string>();
  return passings.flatMap((one): Passing[] => {
    if (one.type !== "left" || nodeOf(one.device) === null) return [one];
    left.add(one.device);
    if (one.witness !== "last-sign-of-life") return [one];
    const others = (session.stays.get(one.user) ?? []).filter(({ device }) => !left.has(device));
    if (others.some((stay) => nodeOf(stay.device) !== null && isAt(stay, one.when))) return [one];
    const cut = others.filter((stay) => isCarried(stay.device) && isCutWith(stay, one.when));
    // Who came into the call since then gave a sign of life by that.
    const when = Math.max(one.when, ...cut.map(({ from }) => from));
    return [{ ...one, when }, ...cut.map(({ device }) => ({ ...one, device, when }))];
  });
}

const isAt = ({ from, to }: Stay, when: number): boolean => from <= when && (to === null || to > when);

/** Whether it is one that ended, unnoticed, when the socket was heard of last. */
const isCutWith = ({ from, to }: Stay, when: number): boolean =>
  from <= when + SIGN_MS && (to === null || (to > when && to - when <= PATIENCE_MS));

/** PR61: since when a listed participant is to be had as there, null: not at all, who was seen out as cut off. */
function since(session: Readonly<Session>, one: Omit<Seen, "session">, at: number): number | null {
  const last = lastStay(session, one.user, carriedDevice(one.device));
  const cut = last && cutOf(session.stays.get(one.user) ?? [], last);
  if (cut === undefined) return one.when;
  const back = session.stays.get(one.user)?.find(({ device, from }) => nodeOf(device) !== null && from > cut);
  if (back) return back.from;
  return at - cut < PATIENCE_MS ? null : one.when;
}

/** When the stay ended by a socket's silence. */
const cutOf = (ofUser: readonly Stay[], { to, toBy }: Stay): number | undefined =>
  to !== null &&
  toBy === "last-sign-of-life" &&
  ofUser.some((other) => nodeOf(other.device) !== null && other.to === to && other.toBy === toBy)
    ? to
    : undefined;
