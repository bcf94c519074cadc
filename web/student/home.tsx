import { VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Mark, SessionState } from "../../client/index.ts";
import { type Class, myClasses } from "../api/classes.ts";
import { useSessionOf } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { StatusShape, type StatusShown } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { Link, pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import css from "./student.module.css";

/** A card for each of the student's classes. */
export default function StudentHome({ me }: ScreenProps) {
  const { t } = useTranslation();
  const query = useQuery(myClasses());
  return (
    <Loaded query={query}>
      {(classes) => (
        <Page title={t("home.hello", { name: calledOf(me) })}>
          {classes.length === 0 ? (
            <Empty level={2} title={t("student.noClasses")}>
              {t("student.noClassesNext", { name: calledOf(me) })}
            </Empty>
          ) : (
            <ul className={css.cards}>
              {classes.map((its) => (
                <ClassCard key={its._id} its={its} me={me._id} />
              ))}
            </ul>
          )}
        </Page>
      )}
    </Loaded>
  );
}

/** Whether the class's session runs, and the student's own status in a sentence and a shape. */
function ClassCard({ its, me }: { readonly its: Class; readonly me: string }) {
  const { t } = useTranslation();
  const { nowOf, sentenceOf } = useSentences();
  const session = useSessionOf(its._id);
  const mark = session?.marks.get(me);
  const status: StatusShown = mark?.status ?? "unmarked";
  return (
    <li className={css.card} data-running={session?.endedAt === null || undefined}>
      <div className={css.words}>
        <h2>{its.className}</h2>
        <p className={css.now}>{nowOf(session)}</p>
        <p className={css.sentence} role="status">
          {session && sentenceOf(session, mark)}
        </p>
        {session?.endedAt === null && (
          <Link href={pathOf("room", { classId: its._id })} className={css.record}>
            {t("room.toRoom")}
            <VisuallyHidden> {its.className}</VisuallyHidden>
          </Link>
        )}
        <Link href={pathOf("class", { classId: its._id })} className={css.record}>
          {t("student.open")}
          <VisuallyHidden> {its.className}</VisuallyHidden>
        </Link>
      </div>
      {session && <StatusShape status={status} size="card" />}
    </li>
  );
}

/** What a session is to one of its students, in words. */
function useSentences() {
  const { t } = useTranslation();
  const { clock } = useTimes();
  return {
    nowOf(session: SessionState | undefined): string {
      if (!session) return t("student.notRunning");
      const { startedAt, endedAt } = session;
      return endedAt === null
        ? t("student.running", { time: clock(startedAt) })
        : t("student.ended", { time: clock(endedAt) });
    },
    sentenceOf({ endedAt }: SessionState, mark: Mark | undefined): string {
      if (!mark) return t("student.unmarked");
      const time = clock(mark.at);
      // The end marks whoever has no mark, at its own time.
      return mark.at === endedAt
        ? t(mark.status === "present" ? "student.presentByRule" : "student.absentByEnd", { time })
        : t(`student.${mark.status}Since`, { time });
    },
  };
}
