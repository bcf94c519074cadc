import type { RoomServerFrame } from "../../protocol/room.ts";
import type { ServerFrame } from "../../protocol/v1.ts";
import { until } from "../client/network.ts";
import { type Person, type School, school, startSession, student } from "./people.ts";
import type { Reachable } from "./server.ts";
import { V1Socket } from "./v1-socket.ts";

type Whole = Extract<RoomServerFrame, { type: "room" }>;

/** One page of somebody's in the room of a class. */
export class Seat {
  private constructor(
    readonly socket: V1Socket,
    readonly person: Person,
    readonly found: Whole,
  ) {}

  /** Opens a socket and enters; `more` is what the frame has beside the class. */
  static async take(server: Reachable, of: School, person: Person, more: object = {}): Promise<Seat> {
    const socket = await V1Socket.ready(server, { token: person.token });
    socket.send({ type: "enter", class: of.classId, ...more });
    return new Seat(socket, person, await socket.next("room"));
  }

  get peer(): string {
    return this.found.peer;
  }

  send(frame: object): void {
    this.socket.send(frame);
  }

  /** What it was told of the room since this was asked the last time, whatever it has sent done by then. */
  async told(): Promise<ServerFrame[]> {
    return told(this.socket);
  }

  /** What it was told once it was told something. */
  async hears(): Promise<ServerFrame[]> {
    await until("something told", () => this.socket.frames.some(({ type }) => !UNTOLD.has(type)));
    return this.told();
  }
}

const UNTOLD = new Set<ServerFrame["type"]>(["events", "snapshot", "pong", "presence", "member"]);

/** What a socket was told of rooms, its own frames done by then. */
export async function told(socket: V1Socket): Promise<ServerFrame[]> {
  socket.send({ type: "ping" });
  await until("a pong", () => socket.frames.some(({ type }) => type === "pong"));
  const at = socket.frames.findIndex(({ type }) => type === "pong");
  return socket.frames.splice(0, at + 1).filter(({ type }) => !UNTOLD.has(type));
}

/** A class whose session runs. */
export async function running(server: Reachable, students: number): Promise<School> {
  const made = await school(server, students);
  await startSession(server, made.teacher, made.classId);
  return made;
}

/** A class with its teacher and two of its students in the room; what they were told until then is taken. */
export async function met(server: Reachable, students = 2) {
  const of = await running(server, students);
  const desk = await Seat.take(server, of, of.teacher);
  const ada = await Seat.take(server, of, student(of, 0));
  const ben = await Seat.take(server, of, student(of, 1));
  for (const seat of [desk, ada, ben]) await seat.told();
  return { of, desk, ada, ben, all: [desk, ada, ben] };
}
