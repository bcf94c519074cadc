import type { UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import { type Door, OPEN_DOOR, refusalAt } from "../core/room/door.ts";
import type { CallNews } from "../ports/calls.ts";
import type { SessionHead } from "../ports/store.ts";
import { pagesIn } from "../presence/devices.ts";
import type { Context } from "./context.ts";
import { isMember } from "./policies.ts";

type OfSession = Readonly<Pick<SessionHead, "id" | "classId">>;

/** RO12, RO25: whoever is connected to LiveKit stays so and may come again, whatever became of what their pass was given for. */
export async function putOut(
  { store, calls }: Context,
  { id, classId }: OfSession,
  users: readonly UserId[],
): Promise<void> {
  if (!calls || users.length === 0) return;
  const running = await store.sessions.runningOf(classId);
  if (running?.id !== id) {
    // One that is not known here may be another server's on the same LiveKit.
    if (await store.sessions.head(id)) await calls.end(id);
    return;
  }
  const cls = await store.classes.byId(classId);
  const door = (await store.doors.read(id)) ?? OPEN_DOOR;
  const known = new Map((await store.users.byIds(users)).map((user) => [user.id, user]));
  const out = users.filter((user) => {
    const one = known.get(user);
    return !one || !cls || !mayStay(one, cls, door);
  });
  // At once, so that one who cannot be put out keeps no other in.
  await Promise.all(out.map((user) => calls.remove(id, user)));
}

/** Who was inside when the teacher locked the room stays, as does who was cut off then. */
const mayStay = (user: User, cls: Class, door: Door): boolean =>
  !user.disabled &&
  isMember(user, cls) &&
  (user.role === "teacher" || STAY.includes(refusalAt(door, user.id)));

const STAY: readonly ReturnType<typeof refusalAt>[] = [null, "room-locked"];

/** RO25: who was hung up for being alone may come again by a pass that LiveKit has renewed, and is no less alone then. */
export async function hangUpAgain(
  { aloneInCalls, calls, hub, sessions }: Context,
  { session: id, classId, peer }: CallNews,
): Promise<void> {
  if (!calls || !aloneInCalls.isHungUp(id, peer)) return;
  const session = sessions.memory.byId(id)?.session;
  const isInRoom = hub.rooms.ofClass(classId)?.find(peer) || (session && pagesIn(session).has(peer));
  if (!isInRoom) await calls.hangUp(id, peer);
}
