import type { SealedBatch } from "../core/batch.ts";
import { type Result, refuse } from "../core/errors.ts";
import type { Decision } from "../core/session/decide.ts";
import type { CommandRef, LoggedEvent } from "../core/session/events.ts";
import { apply, commandKey, type Session } from "../core/session/state.ts";
import type { Author, Told } from "./live-session.ts";

/** What is asked of a session, at a moment in milliseconds since the epoch. */
export type Decide<T> = (session: Session, at: number) => Decision<T>;

/** A command or a question that waits for its turn. */
export interface Asked {
  readonly author: Author;
  readonly decide: Decide<unknown>;
  /** Given the sequence number of the command's first event, or the refusal. */
  readonly settle: (result: Result<number>) => void;
}

export interface Step {
  readonly asked: Asked;
  readonly decision: Decision<unknown>;
  readonly logged: readonly LoggedEvent[];
  readonly seq: number;
}

/** One go at the log: what was asked since the last, decided in order, and the batch that it comes to (null: nothing to write). */
export interface Turn {
  readonly steps: readonly Step[];
  readonly batch: SealedBatch | null;
}

/** Decides what is asked, and puts its events into the session. A rule that throws refuses its own command and no other's. */
export function decide(session: Session, asked: Asked, at: number, broke: (error: unknown) => void): Step {
  const { by, via, command } = asked.author;
  const known = by !== null && command ? session.commands.get(commandKey(by, command.id)) : undefined;
  if (known) return { asked, decision: resent(known, command), logged: [], seq: known.seq };
  const decision = ruled(session, asked, at, broke);
  if (!decision.ok) return { asked, decision, logged: [], seq: 0 };
  const logged = decision.events.map((event, index): LoggedEvent => {
    const ref = index === 0 && command ? { command } : {};
    const logging = { seq: session.headSeq + 1, at, by, via, ...ref, ...event };
    apply(session, logging);
    return logging;
  });
  return { asked, decision, logged, seq: logged[0]?.seq ?? session.headSeq };
}

function ruled(
  session: Session,
  asked: Asked,
  at: number,
  broke: (error: unknown) => void,
): Decision<unknown> {
  try {
    return asked.decide(session, at);
  } catch (error) {
    broke(error);
    return refuse("internal");
  }
}

/** C2: the same id with the same body was done before; with another body it is refused. */
const resent = (known: { readonly digest: string }, command: CommandRef | undefined): Decision<undefined> =>
  known.digest === command?.digest ? { ok: true, events: [], value: undefined } : refuse("id-reused");

export const itemsOf = ({ logged, decision }: Step): Told["items"] =>
  decision.ok && decision.notice ? [...logged, decision.notice] : logged;
