import { serverFrame } from "../../protocol/plain.ts";
import type { ClassId, UserId } from "../../src/core/ids.ts";
import type { Status } from "../../src/core/session/events.ts";
import type { Figures } from "../../src/core/session/summary.ts";

export interface Mark {
  readonly student: UserId;
  readonly status: Status;
}

export const sameMark = (a: Mark | undefined, b: Mark): boolean =>
  a !== undefined && a.student === b.student && a.status === b.status;

/** What a lane needs of a socket: the plain dialect's frames, whatever the socket's own. */
export interface LaneSocket {
  /** 1006 where it ended without a word. */
  readonly closeCode: number | undefined;
  send(event: "ATTENDANCE_MARKED" | "DONE", data: { readonly [name: string]: string }): void;
  /** The next frame; rejects once the socket is gone. */
  next(): Promise<unknown>;
  closed(): Promise<number>;
}

/**
 * A teacher's socket in a storm. It marks students that no other socket marks, so that the log shows which of
 * its marks are there: those of its students, in the order in which it sent them.
 */
export class Lane {
  readonly sent: Mark[] = [];
  /** How many of `sent` it has seen broadcast: these are promised. */
  acknowledged = 0;
  /** What the DONEs that it saw said. */
  readonly ends: Figures[] = [];
  readonly faults: string[] = [];
  readonly #own: ReadonlySet<UserId>;
  #endAsked = false;
  #limit = 0;

  constructor(
    readonly client: LaneSocket,
    private readonly classId: ClassId,
    private readonly students: readonly UserId[],
    /** Everyone whom the class's teacher may mark. */
    private readonly classmates: ReadonlySet<UserId>,
    /** The first lap marks everyone so, the next the other way, and so on. */
    private readonly first: Status,
  ) {
    this.#own = new Set(students);
  }

  owns(student: UserId): boolean {
    return this.#own.has(student);
  }

  /** Sends up to `total` marks, at most `window` of them unacknowledged; resolves once the socket is gone. */
  async run(window: number, total = Number.POSITIVE_INFINITY): Promise<void> {
    this.#limit = total;
    try {
      for (;;) {
        this.#fill(window);
        this.#take(await this.client.next());
      }
    } catch (error) {
      if (this.client.closeCode === undefined) this.faults.push(String(error));
      else if (this.client.closeCode !== 1006) this.faults.push(`closed with ${this.client.closeCode}`);
    }
  }

  /** Sends no more marks. */
  hold(): void {
    this.#limit = 0;
  }

  /** Asks for the session's end. */
  end(): void {
    this.hold();
    this.client.send("DONE", { classId: this.classId });
  }

  /** Somebody asked for the end: from now on marks may be refused. */
  expectEnd(): void {
    this.#endAsked = true;
  }

  #fill(window: number): void {
    while (this.sent.length < this.#limit && this.sent.length - this.acknowledged < window) {
      const mark = this.#next();
      this.sent.push(mark);
      this.client.send("ATTENDANCE_MARKED", {
        classId: this.classId,
        studentId: mark.student,
        status: mark.status,
      });
    }
  }

  #next(): Mark {
    const student = this.students[this.sent.length % this.students.length];
    if (student === undefined) throw new Error("a lane without students");
    const lap = Math.floor(this.sent.length / this.students.length);
    const other = this.first === "present" ? "absent" : "present";
    return { student, status: lap % 2 === 0 ? this.first : other };
  }

  #take(raw: unknown): void {
    const { data: frame } = serverFrame.safeParse(raw);
    if (frame?.event === "DONE") this.ends.push(frame.data);
    else if (frame?.event === "ATTENDANCE_MARKED") this.#acknowledge(frame.data.studentId, frame.data.status);
    else if (
      frame?.event === "ERROR" &&
      this.#endAsked &&
      frame.data.message === "No active attendance session"
    )
      this.hold();
    else this.faults.push(`a frame that was not to come: ${JSON.stringify(raw)}`);
  }

  #acknowledge(student: UserId, status: Status): void {
    if (!this.owns(student)) {
      if (!this.classmates.has(student)) this.faults.push(`told of another class's student ${student}`);
    } else if (sameMark(this.sent[this.acknowledged], { student, status })) this.acknowledged++;
    else this.faults.push(`told of a mark that was not the next: ${student} ${status}`);
  }
}
