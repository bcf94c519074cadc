import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession, student } from "../e2e/people.ts";
import { presenceOfStudent, type StudentPresence } from "../e2e/time-in-room.ts";
import { CallRig } from "../video/call-rig.ts";
import { goIn, hearsAndSees, movesOn, type Seat, until } from "./call-page.ts";
import { Lid } from "./lid.ts";
import { Rig } from "./rig.ts";

/** What became of somebody who shut the lid of their machine in the middle of a call, and opened it again. */
export interface Slept {
  /** From when to when it was shut, in ms since the epoch. */
  readonly shut: readonly [from: number, to: number];
  /** How long after that both saw and heard each other again, in ms. */
  readonly backMs: number;
  /** How often a device was asked for before, and after. */
  readonly asked: readonly [before: unknown, after: unknown];
  readonly presence: StudentPresence;
}

interface Sleeping {
  /** Of the server, beside its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** In a call of three over LiveKit, instead of one of two from page to page. */
  readonly onLiveKit?: boolean;
}

/** A teacher and a student are in a call; the student's machine sleeps for so long. */
export async function sleepThrough(
  ms: number,
  { env = {}, onLiveKit = false }: Sleeping = {},
): Promise<Slept> {
  const lid = new Lid();
  const call = onLiveKit ? await CallRig.open(env) : null;
  const rig = await Rig.open(env, CALLS, call?.server);
  const machine = await rig.beside([...CALLS, lid.flag]);
  try {
    const physics = await school(rig.server, 2);
    const { sessionId } = await startSession(rig.server, physics.teacher, physics.classId);
    const desk = await goIn(rig, physics.teacher, physics.classId);
    if (onLiveKit) await goIn(rig, student(physics, 1), physics.classId);
    const seat = await goIn(machine, student(physics, 0), physics.classId, { cuts: true });
    if (call)
      await until("all three on LiveKit", async () => {
        const there = await call.inCall(sessionId);
        return there.length === 3 ? null : `${there}`;
      });
    await seeAndHear(desk, seat);
    const asked = await seat.page.evaluate("asked");
    const from = Date.now();
    lid.close();
    await Bun.sleep(ms);
    lid.open();
    const to = Date.now();
    await seeAndHear(desk, seat);
    const backMs = Date.now() - to;
    const presence = await presenceOf(rig, physics, sessionId);
    return { shut: [from, to], backMs, asked: [asked, await asksOf(seat)], presence };
  } finally {
    lid.open();
    await machine.closeBrowser();
    await rig.close();
    await call?.close();
  }
}

/** Waits until each of both sees the other's picture move, and hears somebody on the one connection that it has. */
async function seeAndHear(one: Seat, other: Seat): Promise<void> {
  await movesOn(one.page, `Camera of ${other.person.name}`);
  await movesOn(other.page, `Camera of ${one.person.name}`);
  for (const { page } of [one, other]) await hearsAndSees(page, 1);
}

const presenceOf = (rig: Rig, physics: School, sessionId: string) =>
  presenceOfStudent(rig.server, physics.teacher, sessionId, student(physics, 0));

const asksOf = ({ page }: Seat) => page.evaluate("asked");
