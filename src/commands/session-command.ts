import { z } from "zod";
import { classIdInput } from "../../protocol/ids.ts";
import { ok, type Refusal, type Result, refuse } from "../core/errors.ts";
import { type ClassId, isSessionId } from "../core/ids.ts";
import type { Role } from "../core/people.ts";
import type { CommandRef, Source } from "../core/session/events.ts";
import type { Connection } from "../hub/connection.ts";
import type { Found } from "../log/finder.ts";
import type { Author, LiveSession } from "../log/live-session.ts";
import { parseInput, roleRefusal } from "./command.ts";
import type { Context } from "./context.ts";

/** Whoever sent a frame, by which dialect, and how that dialect names sessions. */
export interface Sender {
  readonly connection: Connection;
  readonly via: Source;
  readonly find: FindSession;
  /** The client's own id of this command, where the dialect has such. */
  readonly command?: CommandRef;
}

/** Finds the session that a frame is about, at once where it can. */
export type FindSession = (
  context: Context,
  connection: Connection,
  raw: unknown,
) => Result<LiveSession> | Promise<Result<LiveSession>>;

interface Given<Input> {
  readonly context: Context;
  readonly connection: Connection;
  readonly author: Author;
  readonly live: LiveSession;
  readonly input: Input;
}

/** A verb about a running session, given by a frame. */
interface Definition<Input, Output> {
  readonly roles: readonly Role[];
  readonly input: z.ZodType<Input>;
  /** Gives what `input` would for its commonest form, undefined where `input` must be asked. */
  readonly shortcut?: (raw: unknown) => Input | undefined;
  /** Whether it queues at the session before it first waits, so that the sender's next frame need not wait for its end. */
  readonly pipelined: boolean;
  readonly run: (given: Given<Input>) => Promise<Result<Output>>;
}

/** A frame's command under way: `outcome` never rejects; where `blocking`, the sender's next frame must wait for it. */
interface Underway<Output> {
  readonly outcome: Promise<Result<Output>>;
  readonly blocking: boolean;
}

export interface SessionCommand<Output> {
  /** Checks in the contract's order for frames (role, session, data), then runs. */
  execute(context: Context, sender: Sender, raw: unknown): Refusal | Underway<Output>;
}

/** A command about a running session, found as the sender's dialect names it. */
export function sessionCommand<Input, Output>(definition: Definition<Input, Output>): SessionCommand<Output> {
  return {
    execute(context, sender, raw) {
      const role = roleRefusal(definition.roles, sender.connection.actor.role);
      if (role) return counted(context, refuse(role));
      const found = sender.find(context, sender.connection, raw);
      if (!(found instanceof Promise))
        return again(
          definition,
          context,
          sender,
          found,
          raw,
          perform(definition, context, sender, found, raw),
        );
      const outcome = found.then((session) => {
        const performed = perform(definition, context, sender, session, raw);
        return "outcome" in performed ? performed.outcome : performed;
      });
      return { outcome: orRefusal(context, sender, outcome), blocking: true };
    },
  };
}

/** A session that memory has may have ended elsewhere, and another run since: then it is about that one. */
function again<Input, Output>(
  definition: Definition<Input, Output>,
  context: Context,
  sender: Sender,
  before: Result<LiveSession>,
  raw: unknown,
  performed: Refusal | Underway<Output>,
): Refusal | Underway<Output> {
  if (!context.find.mayMiss || !before.ok || !("outcome" in performed)) return performed;
  const outcome = performed.outcome.then(async (result) => {
    if (result.ok || result.code !== "no-active-session") return result;
    const found = await sender.find(context, sender.connection, raw);
    if (!found.ok || found.value === before.value) return result;
    const next = perform(definition, context, sender, found, raw);
    return "outcome" in next ? next.outcome : next;
  });
  const safe = outcome.catch((error: unknown) => failed(context, sender, error));
  return { outcome: safe, blocking: performed.blocking };
}

function perform<Input, Output>(
  { input: schema, shortcut, run, pipelined }: Definition<Input, Output>,
  context: Context,
  sender: Sender,
  found: Result<LiveSession>,
  raw: unknown,
): Refusal | Underway<Output> {
  if (!found.ok) return counted(context, found);
  const short = shortcut?.(raw);
  const input = short === undefined ? parseInput(schema, raw) : ok(short);
  if (!input.ok) return counted(context, input);
  const { connection, via, command } = sender;
  const by = connection.actor.id;
  const author = command ? { by, via, command } : { by, via };
  const outcome = run({ context, connection, author, live: found.value, input: input.value });
  return { outcome: orRefusal(context, sender, outcome), blocking: !pipelined };
}

function counted(context: Context, refusal: Refusal): Refusal {
  context.refused(refusal.code);
  return refusal;
}

const orRefusal = <T>(context: Context, sender: Sender, outcome: Promise<Result<T>>): Promise<Result<T>> =>
  outcome.then(
    (result) => (result.ok ? result : counted(context, result)),
    (error: unknown) => failed(context, sender, error),
  );

function failed(context: Context, { connection }: Sender, error: unknown): Refusal {
  context.troubled("a command failed", error, { socket: connection.id });
  return refuse("could-not-save");
}

const mayNameClass = z.object({ classId: classIdInput.optional() });

/**
 * The session of `data.classId`, else the sender's most recently started. Found at once where the class is the
 * sender's; otherwise the store tells a stranger's class from none.
 */
export const findByClass: FindSession = (context, connection, raw) => {
  if (!names(raw, "classId")) return whenFound(latestOf(context, connection), running);
  const named = mayNameClass.safeParse(raw);
  // The session comes before the data: who has none hears of that first.
  if (!named.success)
    return whenFound(latestOf(context, connection), (live) =>
      refuse(live ? "invalid-schema" : "no-active-session"),
    );
  const { classId } = named.data;
  if (classId === undefined) return whenFound(latestOf(context, connection), running);
  if (connection.classes.has(classId)) return whenFound(context.find.ofClass(classId), running);
  return strangers(context, connection, classId);
};

/** The running session of `session`, where it is of one of the sender's classes; a stranger's is none. */
export const findBySession: FindSession = ({ find }, { classes }, raw) => {
  const id = names(raw, "session") ? raw.session : undefined;
  if (typeof id !== "string" || !isSessionId(id)) return refuse("invalid-schema");
  return whenFound(find.byId(id), (live) =>
    running(live && classes.has(live.session.classId) ? live : undefined),
  );
};

const names = <Key extends string>(raw: unknown, key: Key): raw is Record<Key, unknown> =>
  typeof raw === "object" && raw !== null && Object.hasOwn(raw, key);

const running = (live: LiveSession | undefined): Result<LiveSession> =>
  live ? ok(live) : refuse("no-active-session");

const latestOf = ({ find }: Context, { actor, classes }: Connection): Found =>
  actor.role === "teacher"
    ? find.latestOfTeacher(actor.id, classes)
    : find.latestOfStudent(actor.id, classes);

/** At once where it is known at once. */
const whenFound = <T>(found: Found, then: (live: LiveSession | undefined) => T): T | Promise<T> =>
  found instanceof Promise ? found.then(then) : then(found);

async function strangers(context: Context, { actor }: Connection, id: ClassId): Promise<Result<LiveSession>> {
  const cls = await context.store.classes.byId(id);
  if (!cls || cls.archivedAt !== null) return refuse("no-active-session");
  if (cls.teacherId === actor.id || cls.studentIds.includes(actor.id)) {
    // Another node has made them a member, and its news is not here yet.
    context.hub.join(id, actor.id);
    return running(await context.find.current(id));
  }
  return refuse(actor.role === "teacher" ? "not-class-teacher" : "not-enrolled");
}
