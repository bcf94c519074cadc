import type { SessionId } from "../core/ids.ts";
import type { Session } from "../core/session/state.ts";
import { CallFault, type CallNews, type Calls } from "../ports/calls.ts";
import { hasCaller, pagesIn } from "../presence/devices.ts";
import type { Context } from "./context.ts";
import { putOut } from "./put-out-of-call.ts";

/** Calls that are to be asked after again, and the first reason of all. */
interface Unsettled {
  readonly sessions: readonly SessionId[];
  readonly fault: Error;
}

/**
 * RO19: asks who is in each call that is known here, or in these alone, for webhooks that never came and for whoever may
 * not be in it. Null where all were seen to.
 */
export async function listCalls(
  context: Context,
  only: ReadonlySet<SessionId> | null = null,
): Promise<Unsettled | null> {
  const { calls, aloneInCalls, sessions } = context;
  if (!calls) return null;
  const { memory } = sessions;
  aloneInCalls.forget((id) => memory.byId(id) === undefined);
  const inMemory = [...memory.all()].map(({ session }) => session);
  const asked = inMemory.filter(
    (session) => mayHaveCall(context, session) && (only?.has(session.id) ?? true),
  );
  const faults = new Map<SessionId, Error>();
  for (const [at, session] of asked.entries()) {
    const fault = await listCall(context, calls, session);
    if (fault) faults.set(session.id, fault.error);
    if (!fault?.isAway) continue;
    // Who does not answer once is not asked for all the others too.
    const rest = asked.slice(at).map(({ id }) => id);
    for (const id of rest) context.witness.unanswered(id);
    for (const id of rest) faults.set(id, fault.error);
    break;
  }
  const [fault] = faults.values();
  return fault ? { sessions: [...faults.keys()], fault } : null;
}

interface Fault {
  readonly error: Error;
  /** LiveKit answers nobody. */
  readonly isAway: boolean;
}

async function listCall(context: Context, calls: Calls, session: Readonly<Session>): Promise<Fault | null> {
  const { clock, witness } = context;
  const at = clock.now();
  const present = await calls.callers(session.id).catch(asError);
  if (present instanceof CallFault) witness.unanswered(session.id);
  if (present instanceof Error) return { error: present, isAway: !(present instanceof CallFault) };
  witness.listed(session.id, present, at);
  const users = [...new Set(present.map(({ user }) => user))];
  const done = [putOut(context, session, users), hangUpAlone(context, calls, session, present)];
  const failed = (await Promise.allSettled(done)).find(({ status }) => status === "rejected");
  return failed?.status === "rejected" ? { error: asError(failed.reason), isAway: false } : null;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** A call goes on also where every page has lost its socket. */
const mayHaveCall = ({ hub }: Context, session: Readonly<Session>): boolean =>
  session.endedAt === null && (hub.rooms.ofClass(session.classId)?.isCall === true || hasCaller(session));

/** RO25: by the log, which has the sockets of all nodes whatever becomes of the news between them. */
async function hangUpAlone(
  { aloneInCalls, clock, limits }: Context,
  calls: Calls,
  session: Readonly<Session>,
  present: readonly CallNews[],
): Promise<void> {
  const peers = present.map(({ peer }) => peer);
  const times = { now: clock.now(), maxMs: limits.LIVEKIT_ALONE_MS };
  for (const peer of aloneInCalls.listed(session.id, peers, pagesIn(session), times))
    await calls.hangUp(session.id, peer);
}
