import type { SessionId, UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import { type Door, OPEN_DOOR, refusalAt } from "../core/room/door.ts";
import type { Session } from "../core/session/state.ts";
import type { CallNews, Calls } from "../ports/calls.ts";
import type { SessionHead } from "../ports/store.ts";
import { hasCaller, pagesIn } from "../presence/devices.ts";
import type { Context } from "./context.ts";
import { isMember } from "./policies.ts";

/** Calls of which LiveKit told nothing, and why. */
interface Unanswered {
  readonly sessions: readonly SessionId[];
  readonly fault: Error;
}

/**
 * RO19: asks who is in each call that is known here, or in these alone, for webhooks that never came and for whoever may
 * not be in it. Null where LiveKit told of all.
 */
export async function listCalls(
  context: Context,
  only: ReadonlySet<SessionId> | null = null,
): Promise<Unanswered | null> {
  const { calls, callWatch, sessions } = context;
  if (!calls) return null;
  const { memory } = sessions;
  callWatch.forgetAlone((id) => memory.byId(id) === undefined);
  const inMemory = [...memory.all()].map(({ session }) => session);
  const asked = inMemory.filter(
    (session) => mayHaveCall(context, session) && (only?.has(session.id) ?? true),
  );
  for (const [at, session] of asked.entries()) {
    const fault = await listCall(context, calls, session);
    if (!fault) continue;
    // Who does not answer once is not asked for all the others too.
    const sessions = asked.slice(at).map(({ id }) => id);
    for (const id of sessions) context.witness.unanswered(id);
    return { sessions, fault };
  }
  return null;
}

/** Gives why LiveKit did not answer. */
async function listCall(context: Context, calls: Calls, session: Readonly<Session>): Promise<Error | null> {
  const { clock, witness } = context;
  const at = clock.now();
  const present = await calls.callers(session.id).catch(asError);
  if (present instanceof Error) return present;
  witness.listed(session.id, present, at);
  await putOut(context, session, [...new Set(present.map(({ user }) => user))]);
  await hangUpAlone(context, calls, session, present);
  return null;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** A call goes on also where every page has lost its socket. */
const mayHaveCall = ({ hub }: Context, session: Readonly<Session>): boolean =>
  session.endedAt === null && (hub.rooms.ofClass(session.classId)?.isCall === true || hasCaller(session));

/** RO25: by the log, which has the sockets of all nodes whatever becomes of the news between them. */
async function hangUpAlone(
  { callWatch: { alone }, clock, limits }: Context,
  calls: Calls,
  session: Readonly<Session>,
  present: readonly CallNews[],
): Promise<void> {
  const pages = pagesIn(session);
  const [before, now] = [alone.get(session.id), clock.now()];
  const peers = present.map(({ peer }) => peer).filter((peer) => !pages.has(peer));
  const since = new Map(peers.map((peer) => [peer, before?.get(peer) ?? now]));
  if (since.size > 0) alone.set(session.id, since);
  else alone.delete(session.id);
  for (const [peer, from] of since)
    if (now - from >= limits.LIVEKIT_ALONE_MS) await calls.hangUp(session.id, peer);
}

type OfSession = Readonly<Pick<SessionHead, "id" | "classId">>;

/** RO12, RO25: whoever is connected to LiveKit stays so and may come again, whatever became of what their pass was given for. */
export async function putOut(
  { store, calls }: Context,
  { id, classId }: OfSession,
  users: readonly UserId[],
): Promise<void> {
  if (!calls || users.length === 0) return;
  const running = await store.sessions.runningOf(classId);
  if (running?.id !== id) return calls.end(id);
  const cls = await store.classes.byId(classId);
  const door = (await store.doors.read(id)) ?? OPEN_DOOR;
  const known = new Map((await store.users.byIds(users)).map((user) => [user.id, user]));
  for (const user of users) {
    const one = known.get(user);
    if (!one || !cls || !mayStay(one, cls, door)) await calls.remove(id, user);
  }
}

/** Who was inside when the teacher locked the room stays, as does who was cut off then. */
const mayStay = (user: User, cls: Class, door: Door): boolean =>
  !user.disabled &&
  isMember(user, cls) &&
  (user.role === "teacher" || STAY.includes(refusalAt(door, user.id)));

const STAY: readonly ReturnType<typeof refusalAt>[] = [null, "room-locked"];
