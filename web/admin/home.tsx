import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { running } from "../api/admin.ts";
import { ApiError } from "../api/error.ts";
import { figures, health } from "../api/figures.ts";
import { Failure } from "../errors/failure.tsx";
import { Facts, Row, Rows, Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import { StatusShape } from "../parts/status.tsx";
import { useTimes } from "../parts/time.ts";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import css from "./admin.module.css";

/** Whether the server is well, and its figures, a few seconds old at most. */
export default function AdminHome({ me }: ScreenProps) {
  const { t } = useTranslation();
  return (
    <Page title={t("home.hello", { name: calledOf(me) })}>
      <Section title={t("admin.health")}>
        <Health />
      </Section>
      <Section title={t("home.running")}>
        <Running />
      </Section>
      <Section title={t("admin.figures")}>
        <Figures />
      </Section>
    </Page>
  );
}

function Health() {
  const { t } = useTranslation();
  const { data, error } = useQuery(health());
  if (!data) return error ? <Failure error={error} /> : <RowsSkeleton rows={1} />;
  const words = { ok: t("admin.well"), degraded: t("admin.degraded"), failing: t("admin.unwell") };
  return (
    <>
      <p className={css.health} role="status">
        <StatusShape status={SHAPES[data.status]} />
        {words[data.status]}
      </p>
      <Facts
        facts={[
          [t("admin.database"), t(data.database === "ok" ? "admin.databaseOk" : "admin.databaseDown")],
          ...(data.bus ? [[t("admin.bus"), t(`admin.busIs.${data.bus}`)] as const] : []),
        ]}
      />
    </>
  );
}

const SHAPES = { ok: "present", degraded: "unmarked", failing: "absent" } as const;

/** The sessions that run in the whole school. */
function Running() {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const { data, error } = useQuery(running());
  if (!data) return error ? <Failure error={error} /> : <RowsSkeleton rows={1} />;
  if (data.count === 0) return <p className={css.quiet}>{t("admin.noneRuns")}</p>;
  const more = data.count - data.sessions.length;
  return (
    <>
      <Rows items={data.sessions} keyOf={({ sessionId }) => sessionId}>
        {({ classId, sessionId, className, teacher, startedAt, present, absent, total }) => (
          <Row
            href={pathOf("held", { classId, sessionId })}
            title={className}
            detail={[
              teacher && calledOf(teacher),
              t("home.since", { time: clock(Date.parse(startedAt)) }),
              t("home.counts", { present, absent, unmarked: Math.max(0, total - present - absent) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          />
        )}
      </Rows>
      {more > 0 && <p className={css.quiet}>{t("roll.more", { count: more })}</p>}
    </>
  );
}

function Figures() {
  const { t, i18n } = useTranslation();
  const { moment } = useTimes();
  const { data, error } = useQuery(figures());
  if (error instanceof ApiError && error.status === 401) return <p>{t("admin.figuresHidden")}</p>;
  if (!data) return error ? <Failure error={error} /> : <RowsSkeleton rows={4} />;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Facts
      facts={[
        [t("admin.sockets"), number.format(data.sockets)],
        [t("admin.events"), number.format(data.events)],
        [t("admin.commits"), number.format(data.commits)],
        [t("admin.commitTime"), data.commits === 0 ? "–" : `${number.format(data.commitMs)} ms`],
        [t("admin.commitFailures"), number.format(data.commitFailures)],
        [t("admin.refusals"), number.format(data.refusals)],
        [t("admin.since"), data.startedAt === 0 ? "–" : moment(data.startedAt)],
        [t("admin.memory"), `${number.format(Math.round(data.memoryBytes / 1_048_576))} MiB`],
      ]}
    />
  );
}
