import { io as newest, type Socket } from "socket.io-client";
import { io as first } from "socket.io-client-4.0";
import { z } from "zod";
import { serverEvent } from "../../protocol/socket-io.ts";
import { Json } from "./http";
import { type Person, type School, school, startSession } from "./people";
import type { Frame } from "./plain-client";
import type { Reachable } from "./server";

/** A wait for an event or an end gives up after this, in ms. */
const patience = 20_000;

/** The real clients that the server is held to. */
const clients = { newest, "4.0": first };

/** A client's version and how it carries its packets. */
export interface Way {
  version: keyof typeof clients;
  transports: ("polling" | "websocket")[];
}

/** Every version over every transport, moving from the one to the other too. */
export const ways: Way[] = (["newest", "4.0"] as const).flatMap((version) =>
  ([["polling"], ["websocket"], ["polling", "websocket"]] as const).map((transports) => ({
    version,
    transports: [...transports],
  })),
);

/** The two ways that differ most, where all would take long. */
export const poll: Way = { version: "4.0", transports: ["polling"] };
export const webSocket: Way = { version: "newest", transports: ["websocket"] };

/** What a client shows who it is by. */
export interface Credentials {
  auth?: Record<string, unknown>;
  query?: Record<string, string>;
}

/** A Socket.IO client that keeps every event in the order in which it came, as `{event,data}`. */
export class IoClient {
  readonly received: Frame[] = [];
  /** Why it could not connect, or why it was disconnected, as the client itself calls it. */
  refusal: string | undefined;
  ended: string | undefined;
  /** How often it came in, a reconnection counted. */
  connects = 0;
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.onAny((event: string, ...data: unknown[]) => {
      const frame = data.length === 0 ? { event } : { event, data: data.length === 1 ? data[0] : data };
      const { error } = serverEvent.safeParse(frame);
      this.received.push(error ? `not of the dialect: ${JSON.stringify(frame)}` : Json.parse(frame));
      this.wake();
    });
    socket.io.engine.on("upgrade", () => this.wake());
    socket.on("connect", () => {
      this.connects += 1;
      this.wake();
    });
    socket.on("connect_error", ({ message }) => {
      this.refusal = message;
      this.wake();
    });
    socket.on("disconnect", (reason) => {
      this.ended = reason;
      this.wake();
    });
  }

  /** Connects and returns once it is in or refused. */
  static async open(
    server: Reachable,
    credentials: Credentials,
    { version, transports }: Way = webSocket,
    reconnection = false,
  ): Promise<IoClient> {
    const options = { ...credentials, transports, reconnection, forceNew: true, reconnectionDelay: 50 };
    const client = new IoClient(clients[version](server.url, options));
    await client.when("an answer", () => client.socket.connected || client.refusal !== undefined);
    return client;
  }

  /** How its packets travel now. */
  get transport(): string {
    return this.socket.io.engine.transport.name;
  }

  send(event: string, ...data: unknown[]): void {
    this.socket.emit(event, ...data);
  }

  /** The next event that was not taken yet. */
  async next(): Promise<Frame> {
    const [frame = null] = await this.nextOf(1);
    return frame;
  }

  async nextOf(count: number): Promise<Frame[]> {
    await this.when(`${count} events`, () => this.received.length - this.taken >= count);
    this.taken += count;
    return this.received.slice(this.taken - count, this.taken);
  }

  /** Every event up to and with the first of this name. */
  async until(event: string): Promise<Frame[]> {
    const frames: Frame[] = [];
    do frames.push(await this.next());
    while (Named.parse(frames.at(-1)).event !== event);
    return frames;
  }

  /** What came that nobody took: a PING is sent, and whatever stands before its PONG is the answer. */
  async heard(): Promise<Frame[]> {
    this.send("PING");
    return (await this.until("PONG")).slice(0, -1);
  }

  /** The client's own word for how it ended. */
  async disconnected(): Promise<string> {
    await this.when("an end", () => this.ended !== undefined);
    return this.ended ?? "";
  }

  close(): void {
    this.socket.close();
  }

  /** Returns once it holds, looked at again after everything that happens to this client. */
  when(what: string, done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (then: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        then();
      };
      const timer = setTimeout(() => {
        const last = JSON.stringify(this.received.slice(-5));
        finish(() => reject(new Error(`waited for ${what}; refused ${this.refusal}, last events ${last}`)));
      }, patience);
      const check = () => {
        if (done()) finish(resolve);
      };
      this.waiting.add(check);
      check();
    });
  }

  private wake(): void {
    for (const check of [...this.waiting]) check();
  }
}

/** A client of somebody's, let in. */
export async function enter(server: Reachable, who: { token: string }, way?: Way): Promise<IoClient> {
  const client = await IoClient.open(server, { auth: { token: who.token } }, way);
  if (client.refusal !== undefined) throw new Error(`refused: ${client.refusal}`);
  return client;
}

const Named = z.object({ event: z.string() });

/** A running lesson of new people who all came by Socket.IO; `all` has the teacher's client first. */
export interface IoLesson extends School {
  desk: IoClient;
  seats: IoClient[];
  all: IoClient[];
}

export async function ioLesson(server: Reachable, size: number, way?: Way): Promise<IoLesson> {
  const enrolled = await school(server, size);
  await startSession(server, enrolled.teacher, enrolled.classId);
  const people: Person[] = [enrolled.teacher, ...enrolled.students];
  const all = await Promise.all(people.map((who) => enter(server, who, way)));
  const [desk, ...seats] = all;
  if (!desk) throw new Error("nobody at the desk");
  return { ...enrolled, desk, seats, all };
}

/** The nth student's client. */
export function seatOf(of: IoLesson, n: number): IoClient {
  const found = of.seats[n];
  if (!found) throw new Error(`the lesson has no seat ${n}`);
  return found;
}

export function leave(...clients: IoClient[]): void {
  for (const client of clients) client.close();
}

/** The event of a class's end, to be read. */
export const Ended = z.strictObject({
  event: z.literal("SESSION_ENDED"),
  data: z.strictObject({
    classId: z.string(),
    totalStudents: z.int(),
    presentCount: z.int(),
    attendance: z.array(z.strictObject({ studentId: z.string(), status: z.enum(["present", "absent"]) })),
  }),
});
