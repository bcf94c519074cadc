import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { presenceWatched } from "../api/presence.ts";
import { useTimes } from "../parts/time.ts";
import { useTimeInRoom } from "../parts/time-in-room.ts";
import type { Desk } from "./desk.ts";

/** Somebody's time in the video room, in words. */
interface InRoom {
  /** For a tile. */
  readonly short: string;
  readonly whole: string;
}

const NOTHING: ReadonlyMap<string, InRoom> = new Map();
const Times = createContext(NOTHING);

interface RoomTimesProps {
  readonly desk: Desk;
  readonly children: ReactNode;
}

/** Tells those below how long each student is in the video room; asked for only while somebody is there. */
export function RoomTimes({ desk, children }: RoomTimesProps) {
  const { t, i18n } = useTranslation();
  const inRoom = useSyncExternalStore(desk.subscribe, desk.inRoom);
  const { data } = useQuery({ ...presenceWatched(desk.session), enabled: inRoom > 0 });
  const { clock } = useTimes();
  const words = useTimeInRoom();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words are made anew with each language
  const times = useMemo(() => {
    if (!data || inRoom === 0) return NOTHING;
    return new Map(
      data.students.flatMap((one) => {
        if (one.since === null) return [];
        const time = clock(Date.parse(one.since));
        const short = t("roll.inRoomSince", { time, count: Math.floor(one.inRoomMs / 60_000) });
        return [[`${one._id}`, { short, whole: words(one, data.sessionMs) }] as const];
      }),
    );
  }, [data, inRoom === 0, i18n.language]);
  return <Times value={times}>{children}</Times>;
}

/** The student's time in the video room; null of who is not there, or of whom it is not known yet. */
export const useInRoom = (student: string): InRoom | null => useContext(Times).get(student) ?? null;
