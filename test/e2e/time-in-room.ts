import type { z } from "zod";
import { myPresenceAnswer, presenceAnswer } from "../../protocol/presence.ts";
import { dataOf, get } from "./http.ts";
import type { Person } from "./people.ts";
import type { PlainClient } from "./plain-client.ts";
import type { Reachable } from "./server.ts";

export type Presence = z.output<typeof presenceAnswer>;
export type StudentPresence = Presence["students"][number];

/** Who is in the room of the session, as its teacher is told. */
export const presenceOf = async (server: Reachable, teacher: Person, sessionId: string, query = "") =>
  presenceAnswer.parse(dataOf(await get(server, `/sessions/${sessionId}/presence${query}`, teacher.token)));

/** What the teacher is told of one student. */
export async function presenceOfStudent(
  server: Reachable,
  teacher: Person,
  sessionId: string,
  who: Pick<Person, "id">,
): Promise<StudentPresence> {
  const { students } = await presenceOf(server, teacher, sessionId);
  const found = students.find(({ _id }) => _id === who.id);
  if (!found) throw new Error(`nothing is told of ${who.id}`);
  return found;
}

/** What a student is told of themselves in the class's running session. */
export const ownPresenceOf = async (server: Reachable, who: Person, classId: string) =>
  myPresenceAnswer.parse(dataOf(await get(server, `/class/${classId}/my-presence`, who.token))).session;

/** Enters the room and returns once the server has dealt with it. */
export async function enterRoom(socket: PlainClient, classId: string): Promise<void> {
  socket.send("JOIN_ROOM", { classId });
  await socket.heard();
}

/** Asks until it is so; fails after twenty seconds. */
export async function until<T>(what: string, ask: () => Promise<T>, is: (told: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const told = await ask();
    if (is(told)) return told;
    if (Date.now() > deadline) throw new Error(`${what} never was: ${JSON.stringify(told)}`);
    await Bun.sleep(25);
  }
}
