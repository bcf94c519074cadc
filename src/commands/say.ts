import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId } from "../core/ids.ts";
import type { Connection } from "../hub/connection.ts";
import type { Room, Saying } from "../hub/room.ts";
import type { Context } from "./context.ts";

/** RO21, RO22: says it to everyone in the sender's room, kept with the session where the class wants that. */
export async function say(context: Context, sender: Connection, text: string): Promise<Result<void>> {
  const { hub, limits, clock, store, neighbours } = context;
  const room = hub.rooms.roomOf(sender);
  const classId = sender.room;
  if (!room || classId === null) return refuse("not-in-room");
  if (text.length > limits.CHAT_CHARS_MAX) return refuse("too-long");
  if (!hub.rooms.pace.may("sayings", sender)) return refuse("too-fast");
  const { id: user, name } = sender.actor;
  const { session } = room;
  const saying: Saying = { id: crypto.randomUUID(), at: clock.now(), user, name, text };
  try {
    if (await isToBeKept(context, classId, room))
      await store.chat.add({ id: saying.id, session, at: saying.at, user, text });
  } catch (error) {
    context.troubled("what was said could not be kept", error, { socket: sender.id });
    return refuse("could-not-save");
  }
  hub.rooms.said(classId, session, [saying]);
  neighbours.said(classId, session, saying);
  return ok(undefined);
}

/** RO63: nothing is kept that was said before the room was told so. */
async function isToBeKept(context: Context, classId: ClassId, room: Room): Promise<boolean> {
  const wasTold = room.keepsChat;
  const keeps = await keepsChat(context, classId);
  context.hub.rooms.setKeepsChat(classId, keeps);
  return keeps && wasTold;
}

/** Whether the class wants what is said in its room to be kept. */
export const keepsChat = async ({ store }: Context, classId: ClassId): Promise<boolean> =>
  (await store.classes.byId(classId))?.settings.keepsChat ?? false;

/** RO22: tells one who has come in the last of what was said. What is said meanwhile may come before it, or twice. */
export async function tellSaidBefore(
  { store, limits, hub }: Context,
  connection: Connection,
  classId: ClassId,
  session: SessionId,
): Promise<void> {
  const messages = await store.chat.last(session, limits.CHAT_SHOWN_MAX);
  if (messages.length === 0 || connection.room !== classId) return;
  const people = await store.users.byIds([...new Set(messages.map(({ user }) => user))]);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const said = messages.map(({ id, at, user, text }) => ({
    id,
    at,
    user,
    name: names.get(user) ?? null,
    text,
  }));
  hub.rooms.said(classId, session, said, connection);
}
