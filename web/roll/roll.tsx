import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { useClient } from "../live/live.tsx";
import { calledOf } from "../parts/person.ts";
import { useTimes } from "../parts/time.ts";
import { Announcements } from "./announcements.tsx";
import { Desk } from "./desk.ts";
import { EndDialog } from "./end-dialog.tsx";
import { Foot } from "./foot.tsx";
import { Head } from "./head.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { Large } from "./large.tsx";
import { nextPicture } from "./next-picture.ts";
import { type Filter, type Pupil, pupilsOf } from "./pupils.ts";
import { Refusals } from "./refusals.tsx";
import css from "./roll.module.css";
import { RoomTimes } from "./room-times.tsx";
import type { Person } from "./screen.tsx";
import { Tiles } from "./tiles.tsx";
import { Tools } from "./tools.tsx";
import { useKeys } from "./use-keys.ts";
import { useShown } from "./use-shown.ts";
import { useView } from "./use-view.ts";

interface RollProps {
  readonly its: Class;
  readonly people: readonly Person[];
  readonly session: string;
}

export type Standing = "keys" | "end" | "large" | null;

/** The roll of a running session: everyone with their status, and everything that can be done about it. */
export function Roll({ its, people, session }: RollProps) {
  const desk = useDesk(its._id, session);
  const pupils = usePupils(desk, people);
  const [text, setText] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  const [standing, setStanding] = useState<Standing>(null);
  const [view, setView] = useView();
  const shown = useShown(desk, pupils, text, filter);
  const search = useRef<HTMLInputElement>(null);
  const tiles = useRef<HTMLDivElement>(null);
  const nameOf = useNames(people);
  const { i18n } = useTranslation();
  const times = useTimes();
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew with each language, and the tiles rest on it
  const clock = useMemo(() => times.clock, [i18n.language]);
  useKeys({ desk, search, tiles, standing, setStanding });
  return (
    <div className={css.roll}>
      <Head its={its} desk={desk} setStanding={setStanding} />
      <div className={css.inside}>
        <Refusals session={session} nameOf={nameOf} />
        <Tools {...{ text, setText, filter, setFilter, view, setView, search, tiles, setStanding }} />
        <RoomTimes desk={desk}>
          <Tiles {...{ desk, pupils: shown, everyone: pupils.length, view, tiles, clock }} />
        </RoomTimes>
      </div>
      <Foot desk={desk} nameOf={nameOf} setStanding={setStanding} />
      <Announcements desk={desk} nameOf={nameOf} />
      {standing === "keys" && <KeysDialog onClose={() => setStanding(null)} />}
      {standing === "end" && <EndDialog {...{ its, desk, pupils }} onClose={() => setStanding(null)} />}
      {standing === "large" && <Large {...{ its, desk, pupils }} onClose={() => setStanding(null)} />}
    </div>
  );
}

/** The session's desk; while it is open, the teacher's other devices see that it is looked at. */
function useDesk(classId: string, session: string): Desk {
  const client = useClient();
  const desk = useMemo(() => new Desk(client, session, nextPicture), [client, session]);
  useEffect(() => desk.open(), [desk]);
  useEffect(() => {
    client.look(classId);
    return () => client.look(null);
  }, [client, classId]);
  return desk;
}

/** What everyone is called who was on the roll since this came up: marks of those who left are still told of. */
function useNames(people: readonly Person[]): (student: string) => string | null {
  const names = useRef(new Map<string, string>());
  return useMemo(() => {
    for (const person of people) names.current.set(person._id, calledOf(person));
    return (student) => names.current.get(student) ?? null;
  }, [people]);
}

function usePupils(desk: Desk, people: readonly Person[]): readonly Pupil[] {
  const roll = useSyncExternalStore(desk.subscribe, desk.roll);
  const { i18n } = useTranslation();
  return useMemo(() => pupilsOf(roll, people, i18n.language), [roll, people, i18n.language]);
}
