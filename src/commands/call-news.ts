import type { Result } from "../core/errors.ts";
import { ok, refuse } from "../core/errors.ts";
import type { SessionId, UserId } from "../core/ids.ts";
import { OPEN_DOOR, refusalAt } from "../core/room/door.ts";
import type { Context } from "./context.ts";

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
  if (news.kind === "entered") await putOut(context, news.session, [news.user]);
  return ok(undefined);
}

/** RO19: asks who is in each call of a room here, for webhooks that never came and for whoever may not be in it. */
export async function listCalls(context: Context): Promise<void> {
  const { hub, calls, witness, clock } = context;
  if (!calls) return;
  for (const classId of hub.rooms.open()) {
    const room = hub.rooms.ofClass(classId);
    if (!room?.isCall) continue;
    const present = await calls.callers(room.session);
    witness.listed(room.session, present, clock.now());
    await putOut(context, room.session, [...new Set(present.map(({ user }) => user))]);
  }
}

/** RO12: a pass outlives the removal of whoever has it by some seconds. */
async function putOut(context: Context, session: SessionId, users: readonly UserId[]): Promise<void> {
  const door = (await context.store.doors.read(session)) ?? OPEN_DOOR;
  for (const user of users)
    if (refusalAt(door, user) === "removed-from-room") await context.calls?.remove(session, user);
}
