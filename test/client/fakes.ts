import { type Client, connect, type Heard, type Options, type Timers } from "../../client/index.ts";
import { serverFrame } from "../../protocol/v1.ts";

/** Time that goes on only when told to. */
export class FakeTimers implements Timers {
  #now = 0;
  #due: { readonly at: number; readonly run: () => void }[] = [];

  now = (): number => this.#now;

  after = (ms: number, run: () => void): (() => void) => {
    const entry = { at: this.#now + ms, run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  };

  /** How long until the next thing is due. */
  get wait(): number {
    return Math.min(...this.#due.map(({ at }) => at)) - this.#now;
  }

  /** Lets so much time go by; what falls due is done in its order. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#now = next.at;
      next.run();
      await settle();
    }
    this.#now = until;
  }

  #next(until: number) {
    return this.#due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that is ready to go on go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The far end of a client's socket. */
export class FakeSocket {
  readonly sent: unknown[] = [];
  closedByClient = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
    readonly heard: Heard,
  ) {}

  /** Sends a frame, which must be one of the protocol. */
  say(frame: object): void {
    serverFrame.parse(frame);
    this.heard.text(JSON.stringify(frame));
  }

  /** Says hello and that everything is told. */
  greet(id = "teacher"): void {
    const user = { id, name: "T", role: "teacher" };
    const deadlines = { pingAfter: 15_000, silenceMax: 40_000 };
    this.say({ type: "hello", version: 1, time: 1, socket: "s", user, sessions: [], ...deadlines });
    this.say({ type: "ready" });
  }

  /** What was sent since this was asked the last time. */
  take(): unknown[] {
    return this.sent.splice(0);
  }
}

/** A client whose sockets and time are in the test's hands. */
export async function open(given: Partial<Options> = {}) {
  const timers = new FakeTimers();
  const sockets: FakeSocket[] = [];
  const client = connect({
    url: "ws://school/ws",
    credentials: async () => ({ ticket: `ticket ${sockets.length + 1}` }),
    timers,
    random: () => 0.5,
    webSocket: (url, protocol, heard) => {
      const socket = new FakeSocket(url, protocol, heard);
      sockets.push(socket);
      return {
        send: (text) => void socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.closedByClient = true;
        },
      };
    },
    ...given,
  });
  await settle();
  return { client, timers, sockets, socket: () => last(sockets), statuses: statusesOf(client) };
}

/** The same, greeted and with its hello taken. */
export async function ready(given: Partial<Options> = {}) {
  const its = await open(given);
  its.socket().heard.opened();
  its.socket().greet();
  its.socket().take();
  return its;
}

function last(sockets: readonly FakeSocket[]): FakeSocket {
  const found = sockets.at(-1);
  if (!found) throw new Error("no socket was opened");
  return found;
}

function statusesOf(client: Client): string[] {
  const seen: string[] = [];
  client.on("status", ({ state }) => seen.push(state));
  return seen;
}

export const hex = (digit: string): string => digit.repeat(24);
export const [session, classId, room] = [hex("5"), hex("c"), hex("0")];

/** A snapshot of that session. */
export const snapshot = (seq: number, marks: object[] = [], more: object = {}) => ({
  type: "snapshot",
  session,
  class: classId,
  seq,
  startedAt: 1000,
  endedAt: null,
  room,
  teacher: "teacher",
  roster: ["ada", "ben", "cyd"],
  marks,
  ...more,
});

/** Events of that session, numbered from `from` on. */
export const events = (from: number, ...happened: object[]) => ({
  type: "events",
  session,
  class: classId,
  from,
  to: from + happened.length - 1,
  events: happened.map((event, at) => ({ at: 2000, by: "teacher", via: "v1", ...event, seq: from + at })),
});

export const marked = (student: string, status = "present") => ({ type: "marked", student, status });
