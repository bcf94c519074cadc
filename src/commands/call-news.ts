import type { Result } from "../core/errors.ts";
import { ok, refuse } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import { type Door, OPEN_DOOR, refusalAt } from "../core/room/door.ts";
import type { Session } from "../core/session/state.ts";
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

/** RO19: asks who is in each call that is known here, for webhooks that never came and for whoever may not be in it. */
export async function listCalls(context: Context): Promise<void> {
  const { sessions, calls, witness, clock } = context;
  if (!calls) return;
  for (const { session } of [...sessions.memory.all()]) {
    if (!mayHaveCall(context, session)) continue;
    const present = await calls.callers(session.id);
    witness.listed(session.id, present, clock.now());
    await putOut(context, session, [...new Set(present.map(({ user }) => user))]);
  }
}

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
