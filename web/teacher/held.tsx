import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { download } from "../api/download.ts";
import { csvPath, sessionInFull } from "../api/sessions.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { Failure } from "../errors/failure.tsx";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { RuleSums } from "../parts/rule-sums.tsx";
import { PageSkeleton } from "../parts/skeletons.tsx";
import { StatusShape } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { VirtualRows } from "../parts/virtual-rows.tsx";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { AttendeeRow } from "./attendee-row.tsx";
import { Said, SaidToAdmins } from "./said.tsx";
import css from "./teacher.module.css";

/** A session that was held: its final list, who marked whom when, and the list as a file. */
export default function HeldSession({ me, params: { classId = "", sessionId = "" } }: ScreenProps) {
  const { t } = useTranslation();
  const { day, clock } = useTimes();
  const query = useInfiniteQuery(sessionInFull(sessionId, me.role === "admin" ? "admin" : "teacher"));
  const saving = useMutation({ mutationFn: () => download(csvPath(sessionId)) });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const atEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const session = data?.pages[0];
  if (!session)
    return query.isError ? (
      <ErrorPage error={query.error} again={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    );
  const started = Date.parse(session.startedAt);
  const ended = session.endedAt ? clock(Date.parse(session.endedAt)) : t("held.now");
  return (
    <Page
      title={session.className}
      lead={`${day(started)}, ${clock(started)} – ${ended}`}
      back={{ href: pathOf("class", { classId }), label: session.className }}
      actions={
        me.role === "teacher" && (
          <Button
            variant="default"
            leftSection={<Icon name="download" />}
            loading={saving.isPending}
            onClick={() => saving.mutate()}
          >
            {t("held.csv")}
          </Button>
        )
      }
    >
      <Failure error={saving.error} />
      <Figures present={session.present} absent={session.absent} />
      {session.setBy && <RuleSums measure={session.setBy} {...session.setBy} words="held.rule" />}
      {session.proposedBy && (
        <RuleSums measure={session.proposedBy} {...session.proposedBy} words="held.proposed" />
      )}
      <Section title={t("class.roll")}>
        <VirtualRows
          items={data.pages.flatMap(({ students }) => students)}
          keyOf={({ _id }) => _id}
          onEnd={atEnd}
        >
          {(attendee) => <AttendeeRow attendee={attendee} session={session} />}
        </VirtualRows>
      </Section>
      {me.role === "admin" ? <SaidToAdmins sessionId={sessionId} /> : <Said sessionId={sessionId} />}
    </Page>
  );
}

function Figures({ present, absent }: { readonly present: number; readonly absent: number }) {
  const { t } = useTranslation();
  return (
    <dl className={css.figures}>
      <div>
        <dt>
          <StatusShape status="present" />
          {t("status.present")}
        </dt>
        <dd>{present}</dd>
      </div>
      <div>
        <dt>
          <StatusShape status="absent" />
          {t("status.absent")}
        </dt>
        <dd>{absent}</dd>
      </div>
    </dl>
  );
}
