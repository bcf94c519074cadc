import type { SealedBatch } from "../core/batch.ts";
import { type Result, refuse } from "../core/errors.ts";
import type { Decision } from "../core/session/decide.ts";
import type { CommandRef, LoggedEvent } from "../core/session/events.ts";
import type { Session } from "../core/session/state.ts";
import type { Author, Told } from "./live-session.ts";

/** A command or a question that waits for its turn. */
export interface Asked {
  readonly author: Author;
  readonly decide: (session: Session) => Decision<unknown>;
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

/** C2: the same id with the same body was done before; with another body it is refused. */
export const resent = (
  known: { readonly digest: string },
  command: CommandRef | undefined,
): Decision<undefined> =>
  known.digest === command?.digest ? { ok: true, events: [], value: undefined } : refuse("id-reused");

export const itemsOf = ({ logged, decision }: Step): Told["items"] =>
  decision.ok && decision.notice ? [...logged, decision.notice] : logged;
