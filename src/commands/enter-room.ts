import { enterInput } from "../../protocol/room.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId } from "../core/ids.ts";
import { type Door, OPEN_DOOR, opening, refusalAt } from "../core/room/door.ts";
import { runs } from "../core/session/decide.ts";
import type { Connection } from "../hub/connection.ts";
import type { Shown } from "../hub/room.ts";
import type { Entering } from "../hub/room-parts.ts";
import type { LiveSession } from "../log/live-session.ts";
import { changeDoor } from "./change-door.ts";
import type { Context } from "./context.ts";
import { keepsChat, tellSaidBefore } from "./say.ts";
import { sessionCommand } from "./session-command.ts";

/** V3, RO1: a member's page enters the class's video room while its session runs, as a peer of its own. */
export const enterRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: enterInput,
  pipelined: false,
  run: async ({ context, live, connection, input: { device, ...shown } }) =>
    enter(context, live, connection, { device, shown }),
});

interface Page {
  readonly device?: string | undefined;
  readonly shown?: Partial<Shown>;
}

/** Lets a socket into the room of a running session, where its door lets it; RO66: and not faster than is good for the others. */
export async function enter(
  context: Context,
  live: LiveSession,
  connection: Connection,
  page: Page,
): Promise<Result<void>> {
  if (!context.hub.rooms.pace.may("shows", connection)) return refuse("too-fast");
  let entered: Result<void> = refuse("no-active-session");
  const { classId, id: session } = live.session;
  const isAgain = connection.room === classId;
  const newest = context.hub.rooms.askingOfChat(classId);
  const kept = await keepsChat(context, classId);
  const isCall = await goesOnAsCall(context, classId, session);
  // Last, for whatever is waited for after it gives the door time to change.
  const at = await doorFor(context, live, connection);
  if (!at.ok) return at;
  const asked = await live.ask(runs, () => {
    // Withdrawn meanwhile: the socket has been told so.
    if (connection.classes.has(classId))
      entered = context.hub.rooms.join(connection, {
        ...{ classId, session, keepsChat: newest(kept), isCall },
        ...at.value,
        ...page,
      });
  });
  if (!asked.ok || !entered.ok) return asked.ok ? entered : asked;
  try {
    await heedDoor(context, classId, session);
    if (kept && !isAgain) await tellSaidBefore(context, connection, classId, session);
  } catch (error) {
    // Whoever is in is not told that they are not: RO61 sees to the door.
    context.troubled("the store could not be asked of a room", error, { socket: connection.id });
  }
  return entered;
}

/** How long who comes in first waits for LiveKit, in ms. */
const CALL_MS = 500;

/** RO24: a call outlives the server that knew of it: the first to come back are told of it, and do not begin a mesh. */
async function goesOnAsCall({ calls, hub }: Context, classId: ClassId, session: SessionId): Promise<boolean> {
  if (!calls || hub.rooms.ofClass(classId)) return false;
  const isThere = calls.callers(session).then(
    (callers) => callers.length > 0,
    // Where LiveKit is away, there is no call to go on.
    () => false,
  );
  return Promise.race([isThere, Bun.sleep(CALL_MS).then(() => false)]);
}

type At = Pick<Entering, "door" | "removed">;

/** RO12: who was removed on another node while they came in here is put out again. */
async function heedDoor({ store, hub }: Context, classId: ClassId, session: SessionId): Promise<void> {
  const door = await store.doors.read(session);
  if (door) hub.rooms.setDoor(classId, session, door);
}

/** RO15: a call that was ended begins again with its teacher, who is told whom the door keeps out. */
async function doorFor(context: Context, live: LiveSession, { actor }: Connection): Promise<Result<At>> {
  const { id, classId } = live.session;
  const { store } = context;
  const door = (await store.doors.read(id)) ?? OPEN_DOOR;
  if (actor.role !== "teacher") {
    const refusal = refusalAt(door, actor.id);
    return refusal ? refuse(refusal) : ok({ door });
  }
  const people = await store.users.byIds(door.removed);
  const removed = people.map((user) => ({ user: user.id, name: user.name }));
  if (door.state !== "ended") return ok({ door, removed });
  const opened = await changeDoor(context, { classId, session: id }, openedAgain);
  return opened.ok ? ok({ door: opened.value, removed }) : opened;
}

/** Of two teachers who come in at once the first has opened it, and nothing is left to do. */
const openedAgain = (door: Door): Result<Door> => ok(door.state === "ended" ? opening(door) : door);
