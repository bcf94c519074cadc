import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { useClient } from "../live/live.tsx";
import { Page } from "../parts/page.tsx";
import { StatusShape } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { Link, pathOf } from "../router.tsx";
import css from "./ended.module.css";
import { Refusals } from "./refusals.tsx";

interface EndedProps {
  readonly its: Class;
  readonly session: string;
  /** Starts another one. */
  readonly start: React.ReactNode;
}

/** What became of the session that has just ended, and where to go on from here. */
export function EndedSession({ its, session, start }: EndedProps) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const state = useClient().sessions.get(session);
  const classId = its._id;
  const lead = state?.endedAt ? t("roll.endedAt", { time: clock(state.endedAt) }) : undefined;
  return (
    <Page
      title={its.className}
      lead={lead}
      back={{ href: pathOf("class", { classId }), label: t("roll.toClass") }}
    >
      <Refusals session={session} nameOf={() => null} />
      <ul className={css.figures}>
        <li>
          <StatusShape status="present" /> {t("roll.wasPresent", { count: state?.present ?? 0 })}
        </li>
        <li>
          <StatusShape status="absent" /> {t("roll.wasAbsent", { count: state?.absent ?? 0 })}
        </li>
      </ul>
      <div className={css.next}>
        <Link className={css.list} href={pathOf("held", { classId, sessionId: session })}>
          {t("roll.seeList")}
        </Link>
        {start}
      </div>
    </Page>
  );
}
