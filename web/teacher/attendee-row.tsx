import { useTranslation } from "react-i18next";
import type { Attendee, HeldInFull } from "../api/sessions.ts";
import { Row } from "../parts/list.tsx";
import { calledOf } from "../parts/person.ts";
import { StatusShape } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { Timeline } from "../parts/timeline.tsx";
import css from "./teacher.module.css";

type Change = Attendee["history"][number];

interface AttendeeRowProps {
  readonly attendee: Attendee;
  readonly session: Pick<HeldInFull, "startedAt" | "endedAt" | "setBy">;
}

/** A student in a session that was held: the time in the room, the status, since when and by whom, and every change before. */
export function AttendeeRow({ attendee, session }: AttendeeRowProps) {
  const { t } = useTranslation();
  const saying = useSaying(session.setBy !== undefined);
  const { history, status, proposal } = attendee;
  const last = history.at(-1);
  const said = last ? saying(last) : t("status.unmarked");
  const isOtherwise = proposal !== undefined && proposal !== status;
  return (
    <>
      <Row
        start={<StatusShape status={status ?? "unmarked"} />}
        title={calledOf(attendee)}
        detail={isOtherwise ? t("held.otherwise", { said, status: t(`status.${proposal}`) }) : said}
      />
      {attendee.intervals.length > 0 && (
        <div className={css.time}>
          <Timeline
            from={Date.parse(session.startedAt)}
            to={session.endedAt ? Date.parse(session.endedAt) : Date.now()}
            inRoomMs={attendee.inRoomMs}
            intervals={attendee.intervals}
          />
        </div>
      )}
      {history.length > 1 && (
        <details className={css.history}>
          <summary>{t("held.changes", { count: history.length })}</summary>
          <ol>
            {history.map((change) => (
              <li key={change.seq}>{saying(change)}</li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

/** Puts a change into words: what, when, by whom. */
function useSaying(byRule: boolean): (change: Change) => string {
  const { t } = useTranslation();
  const { clock } = useTimes();
  return ({ status, at, by, event }) => {
    const names = { status: t(`status.${status ?? "unmarked"}`), time: clock(Date.parse(at)) };
    if (event === "ended") return t(byRule ? "held.byRule" : "held.byEnd", names);
    if (by === null) return t("held.byServer", names);
    const who = { ...names, name: calledOf(by) };
    return event === "undone" ? t("held.undoneBy", who) : t("held.by", who);
  };
}
