import { CLOSE, type CommandFrame, helloFrame, SUBPROTOCOL } from "../../../protocol/v1.ts";
import type { Context } from "../../commands/context.ts";
import { endSession } from "../../commands/end-session.ts";
import { mark } from "../../commands/mark.ts";
import { markMany } from "../../commands/mark-many.ts";
import { findBySession, type SessionCommand } from "../../commands/session-command.ts";
import { startSession } from "../../commands/start-session.ts";
import { undo } from "../../commands/undo.ts";
import { frameText, ok, type Result, refuse } from "../../core/errors.ts";
import { isSessionId, type SessionId } from "../../core/ids.ts";
import type { Actor } from "../../core/people.ts";
import type { Connection, Endpoint, Handling, SocketDialect, Wire } from "../../hub/connection.ts";
import type { Door } from "../../hub/door.ts";
import { sha256 } from "../../log/seal.ts";
import type { CommandPlace } from "../../ports/store.ts";
import { decode, text } from "./frames.ts";
import { catchUp, resume } from "./resume.ts";

export interface V1Parts {
  readonly context: Context;
  readonly door: Door;
  readonly authenticate: {
    readonly byToken: (token: string) => Promise<Actor | null>;
    readonly byTicket: (ticket: string) => Promise<Actor | null>;
  };
  readonly firstFrameMs: number;
  readonly pingAfterMs: number;
  readonly silenceMaxMs: number;
}

/** rollcall.v1, as docs/PROTOCOL.md has it: nothing in the URL, the first frame says who it is. */
export const v1Dialect = (parts: V1Parts): SocketDialect => ({
  name: "v1",
  subprotocol: SUBPROTOCOL,
  prepare: async () => (wire, id) => new V1Endpoint(parts, wire, id),
});

type Place = Pick<CommandPlace, "sessionId" | "seq">;
type Started = { readonly outcome: Promise<Result<Place>> };

const SESSION_VERBS: Readonly<
  Record<Exclude<CommandFrame["type"], "start">, SessionCommand<{ readonly seq: number }>>
> = {
  mark,
  markMany,
  undo,
  end: endSession,
};

class V1Endpoint implements Endpoint {
  #connection: Connection | null = null;
  readonly #deadline: Timer;
  /** Resolves once the command before has its place in its session's queue: commands keep their order. */
  #queued: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: V1Parts,
    private readonly wire: Wire,
    private readonly id: string,
  ) {
    this.#deadline = setTimeout(() => wire.close(CLOSE.noFirstFrame, "no hello in time"), parts.firstFrameMs);
  }

  receive(raw: string | Uint8Array): Handling | null {
    const connection = this.#connection;
    if (!connection) return { finished: this.#greet(raw), blocking: true };
    const frame = decode(raw);
    if (!frame) {
      this.wire.send(text({ type: "error", code: "bad-frame", message: "Not a frame of rollcall.v1" }));
      return null;
    }
    if (frame.type === "ping") {
      this.wire.send(text({ type: "pong", time: this.parts.context.clock.now() }));
      return null;
    }
    if (frame.type === "resume") {
      return {
        finished: resume(this.parts.context, connection, frame.session, frame.after),
        blocking: false,
      };
    }
    return { finished: this.#command(connection, frame), blocking: false };
  }

  gone(): void {
    clearTimeout(this.#deadline);
    if (this.#connection) this.parts.door.leave(this.#connection);
  }

  /** The first frame: who it is, and what it knows already. */
  async #greet(raw: string | Uint8Array): Promise<void> {
    clearTimeout(this.#deadline);
    const hello = helloFrame.safeParse(parseJson(raw)).data;
    if (!hello)
      return this.wire.close(CLOSE.badFirstFrame, "the first frame must be a hello with a ticket or a token");
    const { byTicket, byToken } = this.parts.authenticate;
    const actor = "ticket" in hello ? await byTicket(hello.ticket) : await byToken(hello.token);
    if (!actor) return this.wire.close(CLOSE.unauthorized, "the ticket or token is unknown, used or expired");
    await this.#enter(actor, new Map(Object.entries(hello.after ?? {})));
  }

  async #enter(actor: Actor, known: Map<string, number>): Promise<void> {
    const { door, context } = this.parts;
    const guest = await door.invite(actor);
    const caughtUp: Promise<void>[] = [];
    const connection = door.enter({
      guest,
      wire: this.wire,
      id: this.id,
      dialect: "v1",
      hooks: (entering) => ({
        catchUp: (classId, listen) => {
          const live = context.sessions.ofClass(classId);
          if (!live) return listen();
          const after = known.get(live.session.id) ?? null;
          known.delete(live.session.id);
          caughtUp.push(catchUp(live, entering, after, listen));
        },
        joined: (classId) => this.wire.send(text({ type: "member", class: classId, joined: true })),
        parted: (classId) => this.wire.send(text({ type: "member", class: classId, joined: false })),
      }),
    });
    if (!connection) return;
    this.#connection = connection;
    this.wire.send(this.#helloAnswer(connection));
    await Promise.all(caughtUp);
    for (const [session, after] of known) {
      // The schema has checked that the keys are session ids; a record's keys come back as plain strings.
      if (isSessionId(session)) await resume(context, connection, session, after);
    }
    this.wire.send(text({ type: "ready" }));
  }

  #helloAnswer({ actor, classes }: Connection): string {
    const { context, pingAfterMs, silenceMaxMs } = this.parts;
    const live = [...classes].flatMap((classId) => context.sessions.ofClass(classId) ?? []);
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
      pingAfter: pingAfterMs,
      silenceMax: silenceMaxMs,
    });
  }

  /** C2: a command that is in a log already answers as the first time; otherwise it is done, in the order of the frames. */
  async #command(connection: Connection, frame: CommandFrame): Promise<void> {
    const places = this.parts.context.store.sessions.commandsOf(connection.actor.id, frame.id);
    const started = this.#queued.then(async () => this.#start(connection, frame, await places));
    this.#queued = started.catch(() => "told below");
    const result = await started
      .then(({ outcome }) => outcome)
      .catch((error: unknown) => {
        this.parts.context.troubled("a command failed", error);
        return refuse("could-not-save");
      });
    const { id } = frame;
    if (result.ok)
      this.wire.send(text({ type: "ack", id, session: result.value.sessionId, seq: result.value.seq }));
    else this.wire.send(text({ type: "refused", id, code: result.code, message: frameText(result.code) }));
  }

  #start(connection: Connection, frame: CommandFrame, places: readonly CommandPlace[]): Started {
    const command = { id: frame.id, digest: digestOf(frame) };
    const done = places.find((place) => place.digest === command.digest);
    if (done) return { outcome: Promise.resolve(ok(done)) };
    if (places.length > 0) return { outcome: Promise.resolve(refuse("id-reused")) };
    const { context } = this.parts;
    if (frame.type === "start") {
      const raw = async () => ok({ classId: frame.class });
      const outcome = startSession.execute(context, { actor: connection.actor, raw, via: "v1", command });
      return { outcome: outcome.then((result) => placed(result, (value) => value.sessionId)) };
    }
    const sender = { connection, via: "v1", find: findBySession, command } as const;
    const raw = frame.type === "mark" ? { ...frame, studentId: frame.student } : frame;
    const underway = SESSION_VERBS[frame.type].execute(context, sender, raw);
    if (!("outcome" in underway)) return { outcome: Promise.resolve(underway) };
    return { outcome: underway.outcome.then((result) => placed(result, () => frame.session)) };
  }
}

const placed = <T extends { readonly seq: number }>(
  result: Result<T>,
  session: (value: T) => SessionId,
): Result<Place> => (result.ok ? ok({ sessionId: session(result.value), seq: result.value.seq }) : result);

/** What a command asks, without its id: 128 bits of SHA-256 tell a resend from a reuse of the id. */
const digestOf = ({ id: _, ...body }: CommandFrame): string => sha256(JSON.stringify(body)).slice(0, 32);

function parseJson(raw: string | Uint8Array): unknown {
  if (typeof raw !== "string") return undefined;
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
