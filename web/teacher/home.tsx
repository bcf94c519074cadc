import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Class, myClasses } from "../api/classes.ts";
import { mySessions } from "../api/sessions.ts";
import { useLiveSessions } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows, Section } from "../parts/list.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { useTimes } from "../parts/time.ts";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { HeldList } from "./held-list.tsx";
import { NewClass } from "./new-class.tsx";

/** What runs now, the teacher's classes, and the sessions that were held. */
export default function TeacherHome({ me }: ScreenProps) {
  const { t } = useTranslation();
  const query = useQuery(myClasses());
  const held = useInfiniteQuery(mySessions());
  return (
    <Loaded query={query}>
      {(classes) => (
        <Page title={t("home.hello", { name: calledOf(me) })}>
          <Running classes={classes} />
          <Section title={t("home.classes")}>
            <NewClass />
            <Classes classes={classes} />
          </Section>
          {classes.length > 0 && (
            <Section title={t("held.title")}>
              <HeldList
                query={held}
                nameOf={nameIn(classes, t("class.archived"))}
                none={t("held.noneNext")}
              />
            </Section>
          )}
        </Page>
      )}
    </Loaded>
  );
}

const nameIn = (classes: readonly Class[], otherwise: string) => {
  const names = new Map(classes.map(({ _id, className }) => [String(_id), className]));
  return (id: string) => names.get(id) ?? otherwise;
};

function Classes({ classes }: { readonly classes: readonly Class[] }) {
  const { t } = useTranslation();
  if (classes.length === 0) return <Empty title={t("home.noClasses")}>{t("home.noClassesNext")}</Empty>;
  return (
    <Rows items={classes} keyOf={({ _id }) => _id}>
      {({ _id, className, studentIds }) => (
        <Row
          href={pathOf("class", { classId: _id })}
          title={className}
          detail={t("class.students", { count: studentIds.length })}
        />
      )}
    </Rows>
  );
}

/** Sessions that run, with what the live connection says of them; nothing where none does. */
function Running({ classes }: { readonly classes: readonly Class[] }) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const running = useLiveSessions().filter(({ endedAt }) => endedAt === null);
  const nameOf = nameIn(classes, "");
  if (running.length === 0) return null;
  return (
    <Section title={t("home.running")}>
      <Rows items={running} keyOf={({ session }) => session}>
        {(session) => (
          <Row
            href={pathOf("live", { classId: session.class })}
            title={nameOf(session.class)}
            detail={`${t("home.since", { time: clock(session.startedAt) })} · ${t("home.counts", {
              present: session.present,
              absent: session.absent,
              unmarked: Math.max(0, (session.roster?.size ?? 0) - session.marks.size),
            })}`}
          />
        )}
      </Rows>
    </Section>
  );
}
