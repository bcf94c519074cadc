import type { CommandFrame } from "../../../protocol/v1.ts";
import type { Context } from "../../commands/context.ts";
import { endSession } from "../../commands/end-session.ts";
import { mark } from "../../commands/mark.ts";
import { markMany } from "../../commands/mark-many.ts";
import { findBySession, type SessionCommand } from "../../commands/session-command.ts";
import { startSession } from "../../commands/start-session.ts";
import { undo } from "../../commands/undo.ts";
import { ok, type Result, refuse } from "../../core/errors.ts";
import type { SessionId } from "../../core/ids.ts";
import { commandKey } from "../../core/session/state.ts";
import type { Connection } from "../../hub/connection.ts";
import { sha256 } from "../../log/seal.ts";
import type { CommandPlace } from "../../ports/store.ts";

/** Where a command's first event is. */
export type Place = Pick<CommandPlace, "sessionId" | "seq">;

/** The commands of all sockets that are not yet answered, by author and id. */
export type Underway = Map<string, Promise<Result<Place>>>;

/** A command that waits for its turn; `places` is where it is in the logs, once that is known. */
interface Waiting {
  readonly connection: Connection;
  readonly frame: CommandFrame;
  readonly answer: (result: Result<Place>) => void;
  places: readonly CommandPlace[] | "unreadable" | null;
}

/** `blocking`: the next command has its place only once this one is done. */
interface Started {
  readonly outcome: Promise<Result<Place>>;
  readonly blocking: boolean;
}

const SESSION_VERBS: Readonly<
  Record<Exclude<CommandFrame["type"], "start">, SessionCommand<{ readonly seq: number }>>
> = { mark, markMany, undo, end: endSession };

/** The commands of one socket: each is done once, in the order of the frames. */
export class Commands {
  readonly #line: Waiting[] = [];
  /** The next has its place in its session's queue only once the one before is done. */
  #blocked = false;

  constructor(
    private readonly context: Context,
    private readonly underway: Underway,
  ) {}

  /** C2: a command that is in a log already answers as the first time; otherwise it is done. Never rejects. */
  execute(connection: Connection, frame: CommandFrame): Promise<Result<Place>> {
    const key = commandKey(connection.actor.id, frame.id);
    // Another of this id that is not yet answered, on whichever socket: once it is, it may be in a log.
    const same = this.underway.get(key);
    const answered = new Promise<Result<Place>>((resolve) => {
      const answer = (result: Result<Place>) => {
        if (this.underway.get(key) === answered) this.underway.delete(key);
        resolve(result);
      };
      const waiting: Waiting = { connection, frame, answer, places: null };
      this.#line.push(waiting);
      if (same) void same.then(() => this.#lookUp(waiting));
      else this.#lookUp(waiting);
    });
    this.underway.set(key, answered);
    return answered;
  }

  #lookUp(waiting: Waiting): void {
    const { connection, frame } = waiting;
    this.context.store.sessions.commandsOf(connection.actor.id, frame.id).then(
      (places) => this.#found(waiting, places),
      (error: unknown) => {
        this.#troubled(connection, error);
        this.#found(waiting, "unreadable");
      },
    );
  }

  #found(waiting: Waiting, places: NonNullable<Waiting["places"]>): void {
    waiting.places = places;
    this.#goOn();
  }

  /** Begins those whose turn it is. */
  #goOn(): void {
    for (let next = this.#line[0]; next?.places && !this.#blocked; next = this.#line[0]) {
      this.#line.shift();
      if (next.places === "unreadable") next.answer(refuse("could-not-save"));
      else this.#begin(next, next.places);
    }
  }

  #begin({ connection, frame, answer }: Waiting, places: readonly CommandPlace[]): void {
    const { outcome, blocking } = this.#start(connection, frame, places);
    this.#blocked = blocking;
    const done = (result: Result<Place>) => {
      answer(result);
      if (!blocking) return;
      this.#blocked = false;
      this.#goOn();
    };
    outcome.then(done, (error: unknown) => {
      this.#troubled(connection, error);
      done(refuse("could-not-save"));
    });
  }

  #troubled(connection: Connection, error: unknown): void {
    this.context.troubled("a command failed", error, { socket: connection.id });
  }

  #start(connection: Connection, frame: CommandFrame, places: readonly CommandPlace[]): Started {
    const command = { id: frame.id, digest: digestOf(frame) };
    const done = places.find((place) => place.digest === command.digest);
    if (done) return settled(ok(done));
    if (places.length > 0) return settled(refuse("id-reused"));
    if (frame.type === "start") {
      const raw = async () => ok({ classId: frame.class });
      const outcome = startSession.execute(this.context, {
        actor: connection.actor,
        raw,
        via: "v1",
        where: { socket: connection.id },
        command,
      });
      return {
        outcome: outcome.then((result) => placed(result, (value) => value.sessionId)),
        blocking: true,
      };
    }
    const sender = { connection, via: "v1", find: findBySession, command } as const;
    const { session } = frame;
    const raw = frame.type === "mark" ? { session, studentId: frame.student, status: frame.status } : frame;
    const begun = SESSION_VERBS[frame.type].execute(this.context, sender, raw);
    if (!("outcome" in begun)) return settled(begun);
    const { outcome, blocking } = begun;
    return { outcome: outcome.then((result) => placed(result, () => session)), blocking };
  }
}

const settled = (result: Result<Place>): Started => ({ outcome: Promise.resolve(result), blocking: false });

const placed = <T extends { readonly seq: number }>(
  result: Result<T>,
  session: (value: T) => SessionId,
): Result<Place> => (result.ok ? ok({ sessionId: session(result.value), seq: result.value.seq }) : result);

/**
 * What a command asks, without its id: 128 bits of SHA-256 tell a resend from a reuse of the id. It stands in logs for
 * ever, so the fields and their order are written out here and never change for a command that exists.
 */
export function digestOf(frame: CommandFrame): string {
  return sha256(JSON.stringify([frame.type, ...fieldsOf(frame)])).slice(0, 32);
}

function fieldsOf(frame: CommandFrame): readonly unknown[] {
  switch (frame.type) {
    case "start":
      return [frame.class];
    case "mark":
      return [frame.session, frame.student, frame.status];
    case "markMany":
      return [frame.session, frame.whom, frame.status];
    case "undo":
      return [frame.session, frame.seq];
    case "end":
      return [frame.session];
  }
}
