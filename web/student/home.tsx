import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Class, myClasses } from "../api/classes.ts";
import { useSessionOf } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { StatusShape, type StatusShown } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import type { ScreenProps } from "../signed-in.tsx";
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
            <Empty title={t("student.noClasses")}>{t("student.noClassesNext", { name: calledOf(me) })}</Empty>
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
  const { clock } = useTimes();
  const session = useSessionOf(its._id);
  const mark = session?.marks.get(me);
  const status: StatusShown = mark?.status ?? "unmarked";
  const runs = session?.endedAt === null;
  return (
    <li className={css.card} data-running={runs || undefined}>
      <div className={css.words}>
        <h2>{its.className}</h2>
        <p className={css.now}>
          {runs ? t("student.running", { time: clock(session.startedAt) }) : t("student.notRunning")}
        </p>
        {session && (
          <p className={css.sentence} role="status">
            {mark ? t(`student.${mark.status}Since`, { time: clock(mark.at) }) : t("student.unmarked")}
          </p>
        )}
      </div>
      {session && <StatusShape status={status} size={96} />}
    </li>
  );
}
