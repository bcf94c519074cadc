import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Deed, type Entry, type Sought, trail } from "../api/audit.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import { useTimes } from "../parts/time.ts";
import { go, pathOf } from "../router.tsx";
import css from "./admin.module.css";

const DEEDS = [
  "signed-up",
  "signed-in",
  "sign-in-failed",
  "signed-out",
  "password-changed",
  "password-reset",
  "account-changed",
  "admin-made",
  "role-changed",
  "disabled",
  "enabled",
  "erased",
  "reset-link-made",
  "teacher-invited",
  "class-made",
  "class-archived",
  "class-handed-over",
  "enrolled",
  "withdrawn",
  "exported",
  "chat-read",
  "sessions-removed",
] as const satisfies readonly Deed[];

/** What people did: by deed, by day, and by the person whom `?user=` names. */
export default function Audit() {
  const { t } = useTranslation();
  const [sought, setSought] = useState<Sought>(() => ({
    deed: "",
    user: new URLSearchParams(location.search).get("user") ?? "",
    since: "",
    until: "",
  }));
  const query = useInfiniteQuery(trail(sought));
  if (query.isError) return <ErrorPage error={query.error} again={() => void query.refetch()} />;
  const entries = query.data?.pages.flatMap((page) => page.entries);
  return (
    <Page title={t("nav.sections.audit")} lead={t("audit.lead")}>
      <Filters sought={sought} change={(some) => setSought({ ...sought, ...some })} />
      {!entries && <RowsSkeleton />}
      {entries?.length === 0 && (
        <Empty level={2} title={t("audit.none")}>
          {t("audit.noneNext")}
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <Rows items={entries} keyOf={({ number }) => `${number}`}>
          {(entry) => <EntryRow entry={entry} />}
        </Rows>
      )}
      <More query={query} />
    </Page>
  );
}

interface FiltersProps {
  readonly sought: Sought;
  readonly change: (some: Partial<Sought>) => void;
}

function Filters({ sought, change }: FiltersProps) {
  const { t } = useTranslation();
  return (
    <div className={css.filters}>
      <NativeSelect
        label={t("audit.deed")}
        value={sought.deed}
        onChange={({ currentTarget }) =>
          change({ deed: DEEDS.find((deed) => deed === currentTarget.value) ?? "" })
        }
        data={[
          { value: "", label: t("audit.any") },
          ...DEEDS.map((deed) => ({ value: deed, label: t(`deed.${deed}`) })),
        ]}
      />
      <TextInput
        type="date"
        label={t("audit.since")}
        value={sought.since}
        onChange={({ currentTarget }) => change({ since: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("audit.until")}
        value={sought.until}
        onChange={({ currentTarget }) => change({ until: currentTarget.value })}
      />
      {sought.user && (
        <Button
          variant="default"
          onClick={() => {
            change({ user: "" });
            go(pathOf("audit"), { replace: true });
          }}
        >
          {t("audit.everyone")}
        </Button>
      )}
    </div>
  );
}

function EntryRow({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation();
  const { moment } = useTimes();
  const { at, deed, actor, subject, from, to, times, details } = entry;
  const named = (who: Entry["actor"]) => who && (who.name ?? who._id);
  const parts = [
    moment(Date.parse(at)),
    actor && t("audit.by", { name: named(actor) }),
    subject && subject._id !== actor?._id && t("audit.about", { name: named(subject) }),
    from !== null && to !== null && t("audit.fromTo", { from, to }),
    times > 1 && t("audit.times", { count: times }),
    details?.device,
    details?.address,
  ];
  return <Row title={t(`deed.${deed}`)} detail={parts.filter(Boolean).join(" · ")} />;
}
