import type { SessionId, UserId } from "../../../src/core/ids.ts";
import type { Random } from "../../faults/random.ts";
import type { StormClass } from "../../faults/storm-school.ts";
import type { History } from "./history.ts";
import { Seat } from "./seat.ts";

/** Unanswered marks of one seat at once. */
const WINDOWS = [1, 8, 32] as const;
/** A session is ended after so many marks of its first desk, more or less. */
const MARKS_MAX = 300;

interface Parts {
  readonly cls: StormClass;
  readonly number: number;
  readonly history: History;
  readonly random: Random;
  readonly urls: () => readonly string[];
  /** How long a desk rests now and then, in ms, so that the machine can carry all of them. */
  readonly pauseMs: number;
}

export interface Marking {
  /** Whether sessions are ended and started all the while. */
  readonly ends?: boolean;
  /** Whether the second desk marks too; without it other servers have no reason of their own to read the log. */
  readonly follows?: boolean;
}

/** A class whose teacher has two desks, on different nodes, and whose students watch from all of them. */
export class Lesson {
  readonly desk: Seat;
  /** Marks the same session from another node. */
  readonly second: Seat;
  readonly watchers: readonly Seat[];
  session: SessionId | null = null;

  constructor(private readonly parts: Parts) {
    const { cls, number } = parts;
    const seat = (name: string, who: StormClass["teacher"]) =>
      new Seat({ ...parts, name: `${number}.${name}`, who });
    this.desk = seat("desk", cls.teacher);
    this.second = seat("second", cls.teacher);
    this.watchers = cls.students.map((who, n) => seat(`seat${n}`, who));
  }

  get seats(): readonly Seat[] {
    return [this.desk, this.second, ...this.watchers];
  }

  async begin(): Promise<void> {
    await Promise.all(this.seats.map((seat, n) => seat.begin(this.parts.number + n)));
  }

  /** Starts, marks and ends sessions while it may; what is unanswered then stays so. */
  async run(may: () => boolean, { ends = true, follows = true }: Marking = {}): Promise<void> {
    await Promise.all([this.#lead(may, ends), follows ? this.#follow(may) : null]);
  }

  async #lead(may: () => boolean, ends: boolean): Promise<void> {
    const { random } = this.parts;
    while (may()) {
      const session = await this.start(may);
      if (!session) return;
      let left = ends ? 20 + random.below(MARKS_MAX) : Number.POSITIVE_INFINITY;
      while (may() && left-- > 0) await this.#mark(this.desk, session, may);
      if (left > 0 || !may()) return;
      // The second desk may mark on: whatever comes after the end is refused.
      const id = this.desk.command((own) => ({ type: "end", id: own, session }));
      this.session = null;
      await this.#answered(this.desk, id, may);
    }
  }

  /** The session that runs, started where none does; null where there was no time for an answer. */
  async start(may: () => boolean = () => true): Promise<SessionId | null> {
    const { cls } = this.parts;
    if (this.session) return this.session;
    const id = this.desk.command((own) => ({ type: "start", id: own, class: cls.id }));
    await this.#answered(this.desk, id, may);
    this.session = this.desk.client.acknowledged.get(id)?.session ?? null;
    return this.session;
  }

  async #follow(may: () => boolean): Promise<void> {
    while (may()) {
      if (this.session) await this.#mark(this.second, this.session, may);
      else await Bun.sleep(this.parts.pauseMs);
    }
  }

  async #mark(seat: Seat, session: SessionId, may: () => boolean): Promise<void> {
    const { random } = this.parts;
    const window = random.pick(WINDOWS);
    const status = random.next() < 0.5 ? "present" : "absent";
    seat.command((id) => ({ type: "mark", id, session, student: this.#student(), status }));
    if (random.next() < 0.3) await Bun.sleep(this.parts.pauseMs);
    while (seat.client.open.size >= window && may()) await Bun.sleep(1);
  }

  #student(): UserId {
    const student = this.parts.random.pick(this.parts.cls.students);
    return student.id;
  }

  async #answered(seat: Seat, id: string, may: () => boolean): Promise<void> {
    const known = () => seat.client.acknowledged.has(id) || seat.client.refused.has(id);
    while (!known() && may()) await Bun.sleep(2);
  }

  async end(): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat.end()));
  }
}
