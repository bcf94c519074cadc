import { useTranslation } from "react-i18next";
import type { StudentPresence } from "../api/presence.ts";
import { useTimes } from "./time.ts";
import { useMinutes } from "./timeline.tsx";

/** How long somebody has been in the room, in words: since when, or until when, and how much of the session; nothing of who never was. */
export function useTimeInRoom() {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const minutes = useMinutes();
  return ({ since, intervals, inRoomMs }: StudentPresence, sessionMs: number): string => {
    const left = intervals.at(-1)?.to;
    if (since === null && !left) return "";
    const moment =
      since === null
        ? t("room.leftAt", { time: clock(Date.parse(left ?? "")) })
        : t("room.since", { time: clock(Date.parse(since)) });
    return `${moment} · ${t("time.of", { minutes: minutes(inRoomMs), of: minutes(sessionMs) })}`;
  };
}
