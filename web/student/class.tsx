import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { myClasses } from "../api/classes.ts";
import { myHistory, type OwnRecord } from "../api/sessions.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { PageSkeleton } from "../parts/skeletons.tsx";
import { StatusShape } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { useMinutes } from "../parts/timeline.tsx";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";

/** The student's own record in a class, the last session first. */
export default function StudentClass({ params: { classId = "" } }: ScreenProps) {
  const { t } = useTranslation();
  const classes = useQuery(myClasses());
  const query = useInfiniteQuery(myHistory(classId));
  if (query.isError) return <ErrorPage error={query.error} again={() => void query.refetch()} />;
  if (!query.data || !classes.data) return <PageSkeleton />;
  const records = query.data.pages.flatMap(({ sessions }) => sessions);
  const name = classes.data.find(({ _id }) => _id === classId)?.className ?? t("class.archived");
  return (
    <Page title={name} lead={t("student.history")} back={{ href: pathOf("home"), label: t("nav.home") }}>
      {records.length === 0 ? (
        <Empty level={2} title={t("student.noHistory")}>
          {t("student.noHistoryNext")}
        </Empty>
      ) : (
        <Rows items={records} keyOf={({ sessionId }) => sessionId}>
          {(record) => <RecordRow record={record} />}
        </Rows>
      )}
      <More query={query} />
    </Page>
  );
}

function RecordRow({ record }: { readonly record: OwnRecord }) {
  const { status, startedAt, since, by, inRoomMs } = record;
  const minutes = useMinutes();
  const { t } = useTranslation();
  const { day, clock } = useTimes();
  const time = clock(Date.parse(since));
  const words = {
    teacher: t(`student.${status}Since`, { time }),
    self: t(`student.${status}BySelf`, { time }),
    system: t(status === "present" ? "student.presentByRule" : "student.absentByEnd", { time }),
  }[by];
  const room = inRoomMs > 0 ? ` · ${t("time.inRoom", { minutes: minutes(inRoomMs) })}` : "";
  return (
    <Row
      start={<StatusShape status={status} />}
      title={day(Date.parse(startedAt))}
      detail={`${words}${room}`}
    />
  );
}
