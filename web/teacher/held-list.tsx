import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Held } from "../api/sessions.ts";
import { Failure } from "../errors/failure.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import { useTimes } from "../parts/time.ts";
import { pathOf } from "../router.tsx";

interface HeldListProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly sessions: readonly Held[] }>>;
  /** Where they are of several classes: what each is called. */
  readonly nameOf?: (classId: string) => string;
  /** What to do where there is none. */
  readonly none: string;
}

/** Sessions that were held, the last first, each with its figures. */
export function HeldList({ query, nameOf, none }: HeldListProps) {
  const { t } = useTranslation();
  const { day, clock } = useTimes();
  if (query.isError) return <Failure error={query.error} />;
  if (!query.data) return <RowsSkeleton />;
  const held = query.data.pages.flatMap(({ sessions }) => sessions).filter(({ endedAt }) => endedAt !== null);
  if (held.length === 0) return <Empty title={t("held.none")}>{none}</Empty>;
  return (
    <>
      <Rows items={held} keyOf={({ sessionId }) => sessionId}>
        {({ sessionId, classId, startedAt, present, total }) => {
          const when = `${day(Date.parse(startedAt))}, ${clock(Date.parse(startedAt))}`;
          const figures = t("held.presentOf", { present, total });
          return (
            <Row
              href={pathOf("held", { classId, sessionId })}
              title={nameOf ? nameOf(classId) : when}
              detail={nameOf ? `${when} · ${figures}` : figures}
            />
          );
        }}
      </Rows>
      <More query={query} />
    </>
  );
}
