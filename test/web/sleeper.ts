import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession, student } from "../e2e/people.ts";
import { presenceOfStudent, type StudentPresence } from "../e2e/time-in-room.ts";
import { goIn, hearsAndSees, type Seat } from "./call-page.ts";
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

/** A teacher and a student call each other; the student's machine sleeps for so long. */
export async function sleepThrough(ms: number, env: Record<string, string> = {}): Promise<Slept> {
  const lid = new Lid();
  const rig = await Rig.open(env, CALLS);
  const machine = await rig.beside([...CALLS, lid.flag]);
  try {
    const physics = await school(rig.server, 1);
    const { sessionId } = await startSession(rig.server, physics.teacher, physics.classId);
    const desk = await goIn(rig, physics.teacher, physics.classId);
    const seat = await goIn(machine, student(physics, 0), physics.classId, { cuts: true });
    for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
    const asked = await seat.page.evaluate("asked");
    const from = Date.now();
    lid.close();
    await Bun.sleep(ms);
    lid.open();
    const to = Date.now();
    for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
    const backMs = Date.now() - to;
    const presence = await presenceOf(rig, physics, sessionId);
    return { shut: [from, to], backMs, asked: [asked, await asksOf(seat)], presence };
  } finally {
    lid.open();
    await machine.closeBrowser();
    await rig.close();
  }
}

const presenceOf = (rig: Rig, physics: School, sessionId: string) =>
  presenceOfStudent(rig.server, physics.teacher, sessionId, student(physics, 0));

const asksOf = ({ page }: Seat) => page.evaluate("asked");
