import { useQuery } from "@tanstack/react-query";
import { presenceWatched } from "../api/presence.ts";
import { useTimeInRoom } from "../parts/time-in-room.ts";
import type { RoomClass } from "./room.tsx";
import { useView } from "./use-room.ts";

const NOTHING: ReadonlyMap<string, string> = new Map();

/** How long each student has been in the room, in words, for the teacher: since when, or until when, and how much of the session. */
export function useTimeOfEach({ times }: RoomClass): ReadonlyMap<string, string> {
  const { self, room } = useView();
  const session = room?.session ?? "";
  const { data } = useQuery({
    ...presenceWatched(session),
    queryFn: ({ signal }) => times(session, signal),
    enabled: self.role === "teacher" && session !== "",
  });
  const words = useTimeInRoom();
  return data ? new Map(data.students.map((one) => [`${one._id}`, words(one, data.sessionMs)])) : NOTHING;
}
