import type { ServerProcess } from "./server-process.ts";
import type { Pupil, StormClass } from "./storm-school.ts";

/** Milliseconds from the sending of a mark to its arrival at a student, over all marks and students. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** How many arrivals there were, and how many should have been. */
  readonly arrived: number;
  readonly expected: number;
}

const PER_SECOND = 20;
/** What has not arrived by then counts as lost. */
const PATIENCE_MS = 5000;

/** A class that marks 20 times a second and notes when every student hears of it. */
export class Marking {
  #sentAt = new Map<string, number>();
  #taken: number[] = [];
  #marks = 0;

  private constructor(
    private readonly cls: StormClass,
    private readonly desk: WebSocket,
    private readonly seats: readonly WebSocket[],
  ) {
    for (const seat of seats) seat.onmessage = ({ data }) => this.#hear(String(data));
  }

  /** Seats the whole class, whose session runs. */
  static async seat(server: ServerProcess, cls: StormClass): Promise<Marking> {
    const open = ({ token }: Pupil) =>
      new Promise<WebSocket>((resolve, reject) => {
        const socket = new WebSocket(server.socketUrl(token));
        socket.onopen = () => resolve(socket);
        socket.onerror = () => reject(new Error("no socket"));
      });
    const [desk, ...seats] = await Promise.all([cls.teacher, ...cls.students].map(open));
    if (!desk) throw new Error("no desk");
    return new Marking(cls, desk, seats);
  }

  /** Marks for so long, and gives what it took. */
  async measure(seconds: number): Promise<Latency> {
    this.#sentAt = new Map();
    this.#taken = [];
    const marks = seconds * PER_SECOND;
    for (let n = 0; n < marks; n++) {
      this.#mark();
      await Bun.sleep(1000 / PER_SECOND);
    }
    const expected = marks * this.seats.length;
    const patience = performance.now() + PATIENCE_MS;
    while (this.#taken.length < expected && performance.now() < patience) await Bun.sleep(10);
    const sorted = this.#taken.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), max: at(1), arrived: sorted.length, expected };
  }

  close(): void {
    for (const socket of [this.desk, ...this.seats]) socket.close();
  }

  /** Each student is marked in turn, and one way and the other, so that a frame tells which mark it is of. */
  #mark(): void {
    const { students } = this.cls;
    const student = students[this.#marks % students.length]?.id ?? "";
    const status = Math.floor(this.#marks++ / students.length) % 2 ? "absent" : "present";
    const frame = JSON.stringify({ event: "ATTENDANCE_MARKED", data: { studentId: student, status } });
    this.#sentAt.set(frame, performance.now());
    this.desk.send(frame);
  }

  #hear(frame: string): void {
    const sentAt = this.#sentAt.get(frame);
    if (sentAt !== undefined) this.#taken.push(performance.now() - sentAt);
  }
}
