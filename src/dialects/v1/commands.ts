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
export type Underway = Map<string, Promise<unknown>>;

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
  /** Resolves once the command before has its place in its session's queue. */
  #queued: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly context: Context,
    private readonly underway: Underway,
  ) {}

  /** C2: a command that is in a log already answers as the first time; otherwise it is done. Never rejects. */
  async execute(connection: Connection, frame: CommandFrame): Promise<Result<Place>> {
    const key = commandKey(connection.actor.id, frame.id);
    const places = this.#placesOf(connection, frame, this.underway.get(key));
    const started = this.#queued.then(async () => this.#start(connection, frame, await places));
    this.#queued = started
      .then(({ outcome, blocking }) => (blocking ? outcome : null))
      .catch(() => "the sender is told below");
    const answer = started
      .then(({ outcome }) => outcome)
      .catch((error: unknown) => {
        this.context.troubled("a command failed", error, { socket: connection.id });
        return refuse("could-not-save");
      });
    this.underway.set(key, answer);
    const result = await answer;
    if (this.underway.get(key) === answer) this.underway.delete(key);
    return result;
  }

  /** Where the command is in the logs; `same` is another of this id that is not yet answered, on whichever socket. */
  #placesOf({ actor }: Connection, { id }: CommandFrame, same: Promise<unknown> = Promise.resolve()) {
    const places = same.then(() => this.context.store.sessions.commandsOf(actor.id, id));
    // Awaited once its turn has come, which may be later than it fails.
    places.catch(() => undefined);
    return places;
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
    const raw = frame.type === "mark" ? { ...frame, studentId: frame.student } : frame;
    const begun = SESSION_VERBS[frame.type].execute(this.context, sender, raw);
    if (!("outcome" in begun)) return settled(begun);
    const { outcome, blocking } = begun;
    return { outcome: outcome.then((result) => placed(result, () => frame.session)), blocking };
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
