import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Class, myClasses } from "../api/classes.ts";
import { useLiveSessions } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows, Section } from "../parts/list.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { useTimes } from "../parts/time.ts";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../signed-in.tsx";
import { NewClass } from "./new-class.tsx";

/** What runs now, and the teacher's classes. */
export default function TeacherHome({ me }: ScreenProps) {
  const { t } = useTranslation();
  const query = useQuery(myClasses());
  return (
    <Loaded query={query}>
      {(classes) => (
        <Page title={t("home.hello", { name: calledOf(me) })}>
          <Running classes={classes} />
          <Section title={t("home.classes")}>
            <NewClass />
            {classes.length === 0 ? (
              <Empty title={t("home.noClasses")}>{t("home.noClassesNext")}</Empty>
            ) : (
              <Rows>
                {classes.map(({ _id, className, studentIds }) => (
                  <Row
                    key={_id}
                    href={pathOf("class", { classId: _id })}
                    title={className}
                    detail={t("class.students", { count: studentIds.length })}
                  />
                ))}
              </Rows>
            )}
          </Section>
        </Page>
      )}
    </Loaded>
  );
}

function Running({ classes }: { readonly classes: readonly Class[] }) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const running = useLiveSessions().filter(({ endedAt }) => endedAt === null);
  const nameOf = (id: string) => classes.find(({ _id }) => _id === id)?.className ?? "";
  return (
    <Section title={t("home.running")}>
      {running.length === 0 ? (
        <p>{t("home.nothingRuns")}</p>
      ) : (
        <Rows>
          {running.map((session) => (
            <Row
              key={session.session}
              href={pathOf("class", { classId: session.class })}
              title={nameOf(session.class)}
              detail={`${t("home.since", { time: clock(session.startedAt) })} · ${t("home.counts", {
                present: session.present,
                absent: session.absent,
                unmarked: (session.roster?.size ?? 0) - session.marks.size,
              })}`}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
