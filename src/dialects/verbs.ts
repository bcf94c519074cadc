import type { Context } from "../commands/context.ts";
import { findByClass, type SessionCommand } from "../commands/session-command.ts";
import { frameText, type RefusalCode } from "../core/errors.ts";
import type { Connection, Handling } from "../hub/connection.ts";

/** What an event does, for the dialects whose frames are an event's name and its data. */
export type Verb = (context: Context, connection: Connection, data: unknown) => Handling | null;

/** The class hears of it by the broadcast, the sender's own sockets among them. */
export const silently = () => undefined;

/** A verb that runs a command and tells the sender its outcome: `answer` where it was done, else the error. */
export function verb<T>(
  command: SessionCommand<T>,
  answer: (value: T, connection: Connection) => void,
): Verb {
  return (context, connection, data) => {
    const sender = { connection, via: connection.dialect, find: findByClass };
    const started = command.execute(context, sender, data);
    if (!("outcome" in started)) return fail(connection, started.code);
    const before = connection.underway;
    const finished: Promise<void> = started.outcome.then((result) => {
      const tell = () => {
        forget(connection, finished);
        if (result.ok) answer(result.value, connection);
        else tellError(connection, result.code);
      };
      // One that broke has been reported, and is no reason to leave the next unanswered.
      return before ? before.then(tell, tell) : tell();
    });
    connection.underway = finished;
    return { finished, blocking: started.blocking };
  };
}

/** P24: answers come in the order of the questions, so one that is known at once waits for those under way. */
function inTurn(connection: Connection, answer: () => void): Handling | null {
  const before = connection.underway;
  if (!before) {
    answer();
    return null;
  }
  const tell = () => {
    forget(connection, finished);
    answer();
  };
  const finished: Promise<void> = before.then(tell, tell);
  connection.underway = finished;
  return { finished, blocking: false };
}

function forget(connection: Connection, finished: Promise<void>): void {
  if (connection.underway === finished) connection.underway = null;
}

/** Tells the sender, in turn, why nothing was done. */
export const fail = (connection: Connection, code: RefusalCode): Handling | null =>
  inTurn(connection, () => tellError(connection, code));

const tellError = (connection: Connection, code: RefusalCode): void =>
  connection.tell({ event: "ERROR", data: { message: frameText(code) } });

/** Whether somebody is there. */
export const ping: Verb = (_context, connection) =>
  inTurn(connection, () => connection.tell({ event: "PONG" }));
