import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/error.ts";
import { figures, health } from "../api/figures.ts";
import { Failure } from "../errors/failure.tsx";
import { Facts, Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import { StatusShape } from "../parts/status.tsx";
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
  const isWell = data.status === "ok";
  return (
    <p className={css.health} role="status">
      <StatusShape status={isWell ? "present" : "absent"} />
      {isWell ? t("admin.well") : t("admin.unwell")}
    </p>
  );
}

function Figures() {
  const { t, i18n } = useTranslation();
  const { data, error } = useQuery(figures());
  if (error instanceof ApiError && error.status === 401) return <p>{t("admin.figuresHidden")}</p>;
  if (!data) return error ? <Failure error={error} /> : <RowsSkeleton rows={4} />;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <Facts
      facts={[
        [t("admin.sockets"), number.format(data.sockets)],
        [t("admin.commits"), number.format(data.commits)],
        [t("admin.events"), number.format(data.events)],
        [t("admin.refusals"), number.format(data.refusals)],
        [t("admin.memory"), `${number.format(Math.round(data.memoryBytes / 1_048_576))} MiB`],
      ]}
    />
  );
}
