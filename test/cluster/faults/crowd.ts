import type { SessionId } from "../../../src/core/ids.ts";
import type { LoggedEvent } from "../../../src/core/session/events.ts";
import { replay } from "../../../src/core/session/state.ts";
import { loadLog } from "../../../src/log/load.ts";
import { verify } from "../../../src/log/verify.ts";
import { Random } from "../../faults/random.ts";
import { fillSchool } from "../../faults/storm-school.ts";
import { type Fleet, secret } from "./fleet.ts";
import { check, type Findings, History } from "./history.ts";
import { Lesson, type Marking } from "./lesson.ts";
import type { Seat } from "./seat.ts";

interface CrowdOptions {
  readonly seed: number;
  readonly classes: number;
  /** Sockets of each class, two of its teacher among them. */
  readonly sockets: number;
  /** How long a desk rests now and then, in ms. */
  readonly pauseMs?: number;
}

/** For some six classes on two cores; more of them rest longer. */
const PAUSE_MS = 4;
/** Nothing takes longer than this to be right, in ms, or it never will be. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

/** What came of one fault. */
export interface Outcome extends Findings {
  readonly sent: number;
  readonly acknowledged: number;
  readonly unsaved: number;
  readonly losses: number;
  /** How long after the healing every command had its answer and every screen was right, in ms; null where that never came. */
  readonly rightAfterMs: number | null;
}

/** Classes that are marked over rollcall.v1 all the time, whatever happens to the servers. */
export class Crowd {
  readonly history = new History();
  readonly random: Random;
  readonly lessons: Lesson[] = [];
  #marking: Promise<unknown> | null = null;
  #may = false;

  private constructor(
    private readonly fleet: Fleet,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  /** Fills the database and seats everyone; the servers must run. */
  static async begin(fleet: Fleet, options: CrowdOptions): Promise<Crowd> {
    const { seed, classes, sockets, pauseMs = PAUSE_MS * Math.max(1, classes / 6) } = options;
    const crowd = new Crowd(fleet, seed);
    const { history } = crowd;
    const urls = () => fleet.urls;
    const built = await fillSchool(fleet.store, secret, { classes, students: sockets - 2, spare: 0 });
    for (const [number, cls] of built.entries()) {
      const random = new Random(seed + number + 1);
      crowd.lessons.push(new Lesson({ cls, number, history, random, urls, pauseMs }));
    }
    await Promise.all(crowd.lessons.map((lesson) => lesson.begin()));
    return crowd;
  }

  get seats(): readonly Seat[] {
    return this.lessons.flatMap((lesson) => lesson.seats);
  }

  /** Marks on and on, until `settle`. */
  go(marking: Marking = {}): void {
    this.#may = true;
    this.#marking = Promise.all(this.lessons.map((lesson) => lesson.run(() => this.#may, marking)));
  }

  /** Marks no more; resolves once all that was sent has its answer and every screen is right, and says when, by performance.now(). */
  async settle(): Promise<number | null> {
    this.#may = false;
    await this.#marking;
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      if (this.seats.every(({ client }) => client.open.size === 0) && (await this.#areRight()))
        return performance.now();
      await Bun.sleep(LOOK_MS);
    }
    return null;
  }

  async #areRight(): Promise<boolean> {
    try {
      for (const lesson of this.lessons) {
        const { session } = lesson;
        if (session === null) continue;
        const { log } = await loadLog(this.fleet.store.sessions, session);
        const behind = lesson.seats.some(
          ({ client }) => client.views.sessions.get(session)?.seq !== log.length,
        );
        if (behind) return false;
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Who is behind, for whoever must know why. */
  async laggards(): Promise<string[]> {
    const found: string[] = [];
    for (const { session, seats } of this.lessons) {
      const read = session && loadLog(this.fleet.store.sessions, session).catch(() => null);
      const log = (await read)?.log ?? [];
      for (const { name, client } of seats) {
        if (client.open.size > 0) found.push(`${name} waits for ${[...client.open.keys()].slice(0, 3)}`);
        const seq = session && client.views.sessions.get(session)?.seq;
        if (session && seq !== log.length)
          found.push(`${name} knows ${session} up to ${seq} of ${log.length}`);
      }
    }
    return found.slice(0, 10);
  }

  /** What the logs say of the history now, whatever is still under way. */
  async findings(): Promise<Findings> {
    return check(this.history, await this.#logs([]));
  }

  /** Marks no more, and waits for nothing. */
  halt(): void {
    this.#may = false;
    for (const { client } of this.seats) void client.close();
  }

  /** Holds everything that was ever asked and told against what is kept. */
  async examine(healedAt: number, settledAt: number | null): Promise<Outcome> {
    const { store } = this.fleet;
    const broken: string[] = [];
    const logs = await this.#logs(broken);
    const findings = check(this.history, logs);
    findings.other.push(...broken);
    const { faults } = await verify(store);
    findings.other.push(...faults);
    for (const seat of this.seats) {
      findings.other.push(...seat.client.views.faults.splice(0).map((fault) => `${seat.name}: ${fault}`));
      for (const [id, { seq, marks }] of seat.client.views.sessions) {
        const log = logs.get(id);
        if (!log || isShown(id, log.slice(0, seq), marks)) continue;
        findings.other.push(`${seat.name} shows other marks of ${id} than its log has at ${seq}`);
      }
    }
    if (settledAt === null) findings.other.push(...(await this.laggards()));
    const asked = [...this.history.asked.values()];
    return {
      ...findings,
      sent: asked.length,
      acknowledged: asked.filter(({ place }) => place !== null).length,
      unsaved: this.history.unsaved,
      losses: this.seats.reduce((sum, { losses }) => sum + losses, 0),
      rightAfterMs: settledAt === null ? null : Math.max(0, Math.round(settledAt - healedAt)),
    };
  }

  async #logs(broken: string[]): Promise<Map<SessionId, readonly LoggedEvent[]>> {
    const logs = new Map<SessionId, readonly LoggedEvent[]>();
    for (const { id } of await this.fleet.store.sessions.pageByStart(null, 100_000))
      await loadLog(this.fleet.store.sessions, id).then(
        ({ log }) => logs.set(id, log),
        (error: unknown) => broken.push(String(error)),
      );
    return logs;
  }

  async end(): Promise<void> {
    this.#may = false;
    await this.#marking;
    await Promise.all(this.lessons.map((lesson) => lesson.end()));
  }
}

function isShown(id: SessionId, log: readonly LoggedEvent[], marks: ReadonlyMap<string, string>): boolean {
  const wanted = [...replay(id, log).marks].map(([student, { status }]) => [student, status] as const);
  return wanted.length === marks.size && wanted.every(([student, status]) => marks.get(student) === status);
}
