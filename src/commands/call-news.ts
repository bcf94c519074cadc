import type { Result } from "../core/errors.ts";
import { ok, refuse } from "../core/errors.ts";
import type { SessionId, UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import { type Door, OPEN_DOOR, refusalAt } from "../core/room/door.ts";
import type { Session } from "../core/session/state.ts";
import type { Calls } from "../ports/calls.ts";
import type { SessionHead } from "../ports/store.ts";
import { hasCaller } from "../presence/devices.ts";
import type { Context } from "./context.ts";
import { isMember } from "./policies.ts";

/** RO18: takes a webhook of the media server; whatever it has not signed is refused. */
export async function takeWebhook(
  context: Context,
  body: string,
  signature: string,
): Promise<Result<void, "mesh-only" | "bad-signature">> {
  const { calls, witness } = context;
  if (!calls) return refuse("mesh-only");
  const news = await calls.heard(body, signature);
  if (news === null) return refuse("bad-signature");
  if (news === "nothing") return ok(undefined);
  witness.told(news.kind, news);
  if (news.kind === "entered")
    await putOut(context, { id: news.session, classId: news.classId }, [news.user]);
  return ok(undefined);
}

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
  const { calls } = context;
  if (!calls) return null;
  const inMemory = [...context.sessions.memory.all()].map(({ session }) => session);
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
  const at = context.clock.now();
  const present = await calls.callers(session.id).catch(asError);
  if (present instanceof Error) return present;
  context.witness.listed(session.id, present, at);
  await putOut(context, session, [...new Set(present.map(({ user }) => user))]);
  return null;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** A call goes on also where every page has lost its socket. */
const mayHaveCall = ({ hub }: Context, session: Readonly<Session>): boolean =>
  session.endedAt === null && (hub.rooms.ofClass(session.classId)?.isCall === true || hasCaller(session));

type OfSession = Readonly<Pick<SessionHead, "id" | "classId">>;

/** RO12: a pass lets in for some seconds more than its holder may be there, and who is connected stays. */
async function putOut(
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
