import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTimeInRoom } from "../parts/time-in-room.ts";
import type { RoomClass } from "./room.tsx";
import { useView } from "./use-room.ts";

/** Minutes pass while nobody comes or goes. */
const EVERY_MS = 30_000;
const NOTHING: ReadonlyMap<string, string> = new Map();

/** How long each student has been in the room, in words, for the teacher: since when, or until when, and how much of the session. */
export function useTimes({ times }: RoomClass): ReadonlyMap<string, string> {
  const { self, others, room } = useView();
  const session = room?.session ?? "";
  const { data, refetch } = useQuery({
    queryKey: ["room-times", session],
    queryFn: ({ signal }) => times(session, signal),
    enabled: self.role === "teacher" && session !== "",
    refetchInterval: EVERY_MS,
  });
  const here = [...new Set(others.map(({ user }) => user))].sort().join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever somebody comes or goes
  useEffect(() => {
    if (data) void refetch();
  }, [here]);
  const words = useTimeInRoom();
  return data ? new Map(data.students.map((one) => [`${one._id}`, words(one, data.sessionMs)])) : NOTHING;
}
