import type { z } from "zod";
import { CLOSE, type CommandFrame, helloFrame, SUBPROTOCOL } from "../../../protocol/v1.ts";
import type { Context } from "../../commands/context.ts";
import type { Config } from "../../config.ts";
import { frameText, type Result, refuse } from "../../core/errors.ts";
import { type ClassId, isSessionId } from "../../core/ids.ts";
import type { Actor } from "../../core/people.ts";
import type {
  Asked,
  Connection,
  Endpoint,
  Handling,
  Hooks,
  SocketDialect,
  Wire,
} from "../../hub/connection.ts";
import type { Door } from "../../hub/door.ts";
import { Commands, type Place, type Underway } from "./commands.ts";
import { decode, parseJson, text } from "./frames.ts";
import { look } from "./look.ts";
import { catchUp, resume } from "./resume.ts";
import { receiveOfRoom, sayOfPeers } from "./room.ts";

export interface V1Parts {
  readonly context: Context;
  readonly door: Door;
  readonly authenticate: {
    readonly byToken: (token: string) => Promise<Actor | null>;
    readonly byTicket: (ticket: string) => Promise<Actor | null>;
    /** Who asks for a socket by a cookie: null where the request has none, or comes from a page that may not use it. */
    readonly byCookie: (asked: Asked) => (() => Promise<Actor | null>) | null;
  };
  readonly limits: Pick<Config, "FIRST_FRAME_MS" | "PING_AFTER_MS" | "SILENCE_MAX_MS">;
}

/** rollcall.v1, as docs/PROTOCOL.md has it: nothing in the URL, the first frame says who it is. */
export const v1Dialect = (parts: V1Parts): SocketDialect => {
  const underway: Underway = new Map();
  return {
    name: "v1",
    subprotocol: SUBPROTOCOL,
    prepare: async (asked) => {
      const byCookie = parts.authenticate.byCookie(asked);
      return (wire, id) => new V1Endpoint(parts, underway, wire, id, byCookie);
    },
  };
};

const isCommand = (frame: { readonly type: string }): frame is CommandFrame => "id" in frame;

type Hello = z.output<typeof helloFrame>;

/** What it still has to be told before it is ready. */
interface Arrival {
  /** Up to which event it knows which session. */
  readonly known: Map<string, number>;
  readonly caughtUp: Promise<void>[];
}

/** Made for each of thousands of sockets that mostly listen: it holds what it needs, when it needs it. */
class V1Endpoint implements Endpoint, Hooks {
  #connection: Connection | null = null;
  /** The same before it is in. */
  #entering: Connection | null = null;
  /** Closed, by either side: whatever still comes of it is not heard. */
  #over = false;
  /** Holds what was asked at the upgrade, and is let go with the first frame. */
  #byCookie: (() => Promise<Actor | null>) | null;
  #deadline: Timer | null;
  #arrival: Arrival | null = null;
  #commands: Commands | null = null;
  /** Answers of this turn of the event loop, which leave in one write. */
  #answers: string[] | null = null;

  constructor(
    private readonly parts: V1Parts,
    private readonly underway: Underway,
    private readonly wire: Wire,
    private readonly id: string,
    byCookie: (() => Promise<Actor | null>) | null,
  ) {
    this.#byCookie = byCookie;
    this.#deadline = setTimeout(
      () => this.#close(CLOSE.noFirstFrame, "no hello in time"),
      parts.limits.FIRST_FRAME_MS,
    );
  }

  receive(raw: string | Uint8Array): Handling | null {
    if (this.#over && !this.#connection) return null;
    const connection = this.#connection;
    if (!connection) return { finished: this.#greet(raw), blocking: true };
    const { frame, id } = decode(raw);
    if (!frame) {
      if (id !== null) this.#answer(id, refuse("invalid-schema"));
      else this.wire.send(text({ type: "error", code: "bad-frame", message: "Not a frame of rollcall.v1" }));
      return null;
    }
    if (frame.type === "ping") {
      this.wire.send(text({ type: "pong", time: this.parts.context.clock.now() }));
      return null;
    }
    if (frame.type === "resume") {
      const resumed = resume(this.parts.context, connection, frame.session, frame.after);
      // A log that must be read is read for one socket after the other's frames, not for all of its frames at once.
      return { finished: resumed.catch((error: unknown) => this.#broke(error)), blocking: true };
    }
    if (frame.type === "look") {
      const looked = look(this.parts.context, connection, frame.class);
      return { finished: looked.catch((error: unknown) => this.#broke(error)), blocking: true };
    }
    if (isCommand(frame)) return { finished: this.#command(connection, frame), blocking: false };
    return receiveOfRoom(this.parts.context, connection, frame);
  }

  gone(): void {
    this.#over = true;
    this.#endDeadline();
    if (this.#connection) this.parts.door.leave(this.#connection);
  }

  #endDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
  }

  #close(code: number, reason: string): void {
    this.#over = true;
    this.wire.close(code, reason);
  }

  /** What the client asked to know cannot be read: it is not left waiting for it. */
  #broke(error: unknown): void {
    this.parts.context.troubled("a socket could not be told what it asked for", error, { socket: this.id });
    this.#close(1011, "something could not be read, connect again");
  }

  /** The first frame: who it is, and what it knows already. */
  async #greet(raw: string | Uint8Array): Promise<void> {
    this.#endDeadline();
    const hello = helloFrame.safeParse(parseJson(raw)).data;
    if (!hello)
      return this.#close(CLOSE.badFirstFrame, "the first frame must be a hello with a ticket or a token");
    const byCookie = this.#byCookie;
    this.#byCookie = null;
    try {
      const actor = await this.#identify(hello, byCookie);
      if (!actor)
        return this.#close(CLOSE.unauthorized, "the ticket, token or session is unknown, used or expired");
      await this.#enter(actor, new Map(Object.entries(hello.after ?? {})));
    } catch (error) {
      this.#broke(error);
    }
  }

  async #identify(hello: Hello, byCookie: (() => Promise<Actor | null>) | null): Promise<Actor | null> {
    const { byTicket, byToken } = this.parts.authenticate;
    if ("ticket" in hello) return byTicket(hello.ticket);
    if ("token" in hello) return byToken(hello.token);
    return byCookie ? byCookie() : null;
  }

  async #enter(actor: Actor, known: Map<string, number>): Promise<void> {
    const { door, context } = this.parts;
    const guest = await door.invite(actor);
    // A socket that went meanwhile must not be let in: nobody would ever see it out.
    if (this.#over) return;
    const arrival: Arrival = { known, caughtUp: [] };
    this.#arrival = arrival;
    const hooks = (entering: Connection) => {
      this.#entering = entering;
      return this;
    };
    const connection = door.enter({
      guest,
      wire: this.wire,
      id: this.id,
      dialect: "v1",
      words: sayOfPeers,
      hooks,
    });
    if (!connection) {
      this.#over = true;
      return;
    }
    this.#connection = connection;
    this.wire.send(this.#helloAnswer(connection));
    await Promise.all(arrival.caughtUp);
    for (const [session, after] of known) {
      // Whoever is told that it is none of theirs, and then becomes a member, knows nothing of it any more.
      known.delete(session);
      // The schema has checked that the keys are session ids; a record's keys come back as plain strings.
      if (isSessionId(session)) await resume(context, connection, session, after);
    }
    this.#arrival = null;
    this.wire.send(text({ type: "ready" }));
  }

  catchUp(classId: ClassId, listen: () => void): void {
    const heard = this.parts.context.neighbours.hear(classId);
    const told = heard ? heard.then(() => this.#tell(classId, listen)) : this.#tell(classId, listen);
    const unbroken = told.catch((error: unknown) => this.#broke(error));
    this.#arrival?.caughtUp.push(unbroken);
  }

  async #tell(classId: ClassId, listen: () => void): Promise<void> {
    const live = this.parts.context.sessions.memory.ofClass(classId);
    if (!live || !this.#entering) return listen();
    const known = this.#arrival?.known;
    const after = known?.get(live.session.id) ?? null;
    known?.delete(live.session.id);
    await catchUp(live, this.#entering, after, listen);
  }

  joined(classId: ClassId): void {
    this.wire.send(text({ type: "member", class: classId, joined: true }));
  }

  parted(classId: ClassId): void {
    this.wire.send(text({ type: "member", class: classId, joined: false }));
  }

  #helloAnswer({ actor, classes }: Connection): string {
    const { context, limits } = this.parts;
    const live = [...classes].flatMap((classId) => context.sessions.memory.ofClass(classId) ?? []);
    return text({
      type: "hello",
      version: 1,
      time: context.clock.now(),
      socket: this.id,
      user: { id: actor.id, name: actor.name, role: actor.role },
      sessions: live.map(({ session, toldSeq }) => ({
        session: session.id,
        class: session.classId,
        seq: toldSeq,
      })),
      pingAfter: limits.PING_AFTER_MS,
      silenceMax: limits.SILENCE_MAX_MS,
    });
  }

  #command(connection: Connection, frame: CommandFrame): Promise<void> {
    this.#commands ??= new Commands(this.parts.context, this.underway);
    return this.#commands.execute(connection, frame).then((result) => this.#answer(frame.id, result));
  }

  /** Commands that were committed together are answered one right after the other: their answers wait for each other. */
  #answer(id: string, result: Result<Place>): void {
    if (!this.#answers) queueMicrotask(() => this.#sendAnswers());
    this.#answers ??= [];
    this.#answers.push(
      result.ok
        ? text({ type: "ack", id, session: result.value.sessionId, seq: result.value.seq })
        : text({ type: "refused", id, code: result.code, message: frameText(result.code) }),
    );
  }

  #sendAnswers(): void {
    const answers = this.#answers ?? [];
    this.#answers = null;
    this.wire.send(...answers);
  }
}
