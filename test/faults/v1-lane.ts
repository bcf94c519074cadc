import type { CommandFrame } from "../../protocol/v1.ts";
import type { SessionId, UserId } from "../../src/core/ids.ts";
import type { Status } from "../../src/core/session/events.ts";
import type { Random } from "./random.ts";
import type { StormClass } from "./storm-school.ts";
import { type Place, V1Client } from "./v1-client.ts";

/** Unacknowledged commands at once. */
const WINDOWS = [1, 8, 64, 500] as const;
/** A session is ended after so many commands, more or less. */
const COMMANDS_MAX = 400;

/**
 * A class whose teacher speaks rollcall.v1: sessions are started, marked and ended one after the other, through
 * every kill, and whatever was not acknowledged is sent again. Nobody else commands this class, so nothing is refused.
 */
export class V1Lane {
  readonly client: V1Client;
  /** A student of the class, who only listens. */
  readonly listener: V1Client;
  /** Every command that was ever sent, in the order of sending. */
  readonly sent = new Map<string, CommandFrame>();
  #session: SessionId | null = null;
  /** The start that is under way. */
  #startId: string | null = null;
  #commandsLeft = 0;
  #marks = 0;

  constructor(
    readonly cls: StormClass,
    private readonly random: Random,
  ) {
    this.client = new V1Client(cls.teacher.token);
    this.listener = new V1Client(cls.students[0]?.token ?? "");
  }

  /** Connects again, and sends again what was not acknowledged. */
  async connect(url: string): Promise<void> {
    await Promise.all([this.client.connect(url), this.listener.connect(url)]);
  }

  /** Whether neither of its connections is gone. */
  get connected(): boolean {
    return this.client.closeCode === undefined && this.listener.closeCode === undefined;
  }

  /** Commands while it may; resolves once it may no more, or the connections are gone. */
  async run(may: () => boolean = () => true): Promise<void> {
    const window = this.random.pick(WINDOWS);
    try {
      while (may()) await this.#step(window);
      return;
    } catch (error) {
      if (this.client.closeCode === undefined) throw error;
    }
    await this.listener.closed();
  }

  /** Resolves once everything that was sent is acknowledged. */
  settled(): Promise<void> {
    return this.client.until("every acknowledgement", () => this.client.open.size === 0);
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.listener.close()]);
  }

  async #step(window: number): Promise<void> {
    const session = this.#session;
    if (!session) return this.#start();
    if (this.#commandsLeft-- > 0) return this.#mark(session, window);
    await this.settled();
    // Noted first: once the end is sent, whatever comes next is of another session.
    this.#session = null;
    this.#send({ type: "end", id: this.#id(), session });
    await this.settled();
  }

  async #start(): Promise<void> {
    await this.settled();
    if (this.#startId === null) {
      this.#startId = this.#id();
      this.#send({ type: "start", id: this.#startId, class: this.cls.id });
    }
    this.#session = (await this.#placeOf(this.#startId)).session;
    this.#startId = null;
    this.#commandsLeft = this.random.below(COMMANDS_MAX);
  }

  async #mark(session: SessionId, window: number): Promise<void> {
    const chance = this.random.next();
    if (chance < 0.05) return this.#undo(session);
    const id = this.#id();
    const status: Status = this.random.next() < 0.5 ? "present" : "absent";
    if (chance < 0.1) this.#send({ type: "markMany", id, session, whom: this.#whom(), status });
    else this.#send({ type: "mark", id, session, student: this.#student(), status });
    await this.client.until("room in the window", () => this.client.open.size < window);
  }

  /** Takes back the mark that was just made, which therefore still stands. */
  async #undo(session: SessionId): Promise<void> {
    await this.settled();
    const id = this.#id();
    this.#send({ type: "mark", id, session, student: this.#student(), status: "absent" });
    const { seq } = await this.#placeOf(id);
    this.#send({ type: "undo", id: this.#id(), session, seq });
  }

  /** Where the command stands, once it is acknowledged. */
  async #placeOf(id: string): Promise<Place> {
    await this.client.until("an acknowledgement", () => this.client.acknowledged.has(id));
    const place = this.client.acknowledged.get(id);
    if (!place) throw new Error("acknowledged without a place");
    return place;
  }

  #send(frame: CommandFrame): void {
    this.sent.set(frame.id, frame);
    this.client.command(frame);
  }

  #id(): string {
    return `${this.sent.size + 1}`;
  }

  #student(): UserId {
    const { students } = this.cls;
    const student = students[this.#marks++ % students.length];
    if (!student) throw new Error("a class without students");
    return student.id;
  }

  #whom(): "all" | "rest" | UserId[] {
    return this.random.pick(["all", "rest", [this.#student(), this.#student()]]);
  }
}
