import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { classAnswer } from "../../protocol/http.ts";
import { presenceAnswer } from "../../protocol/presence.ts";
import type { presenceRule } from "../../protocol/time-in-room.ts";
import { queries } from "./queries.ts";
import { request } from "./request.ts";

export type Presence = z.output<typeof presenceAnswer>;
export type StudentPresence = Presence["students"][number];
export type PresenceRule = z.output<typeof presenceRule>;

const PAGE = 200;
/** However many come and go, no more is asked: that they are there is known at once, by the live connection. */
const EVERY_MS = 15_000;

/** Everyone's time in the room of a running session, and what the class's rule would make of it. */
export const presenceIn = (sessionId: string) =>
  queryOptions({
    queryKey: ["presence", sessionId],
    staleTime: 0,
    queryFn: ({ signal }) => presenceNow(sessionId, signal),
  });

/** The same, for whoever watches the session as it goes. */
export const presenceWatched = (sessionId: string) => ({
  ...presenceIn(sessionId),
  staleTime: EVERY_MS,
  refetchInterval: EVERY_MS,
});

/** The same, asked once. */
export const presenceNow = (sessionId: string, signal: AbortSignal): Promise<Presence> =>
  allPages(sessionId, (path) => request(path, presenceAnswer, { signal }));

/** Everyone, page after page; `ask` asks for the one at a path. */
export async function allPages(
  sessionId: string,
  ask: (path: string) => Promise<Presence>,
): Promise<Presence> {
  const students: StudentPresence[] = [];
  for (let after = ""; ; ) {
    const asked = new URLSearchParams({ limit: `${PAGE}`, ...(after && { after }) });
    const page = await ask(`/sessions/${encodeURIComponent(sessionId)}/presence?${asked}`);
    students.push(...page.students);
    if (page.next === null) return { ...page, students };
    after = page.next;
  }
}

interface RoomSettings {
  /** What time in the room means for the marks; null: nothing. */
  readonly presence: PresenceRule | null;
  readonly keepsChat: boolean;
}

/** Settles what the video room of a class does to its records. */
export async function settleRoom(classId: string, settings: RoomSettings) {
  const path = `/class/${encodeURIComponent(classId)}`;
  const its = await request(path, classAnswer, { method: "PATCH", body: settings });
  await queries.invalidateQueries({ queryKey: ["classes"] });
  return its;
}
