import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { allClasses } from "../api/admin.ts";
import { ErrorPage } from "../errors/error-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { Row, Rows } from "../parts/list.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { PageSkeleton } from "../parts/skeletons.tsx";
import { pathOf } from "../router.tsx";

/** Every class of the school, archived ones too. */
export default function AllClasses() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(allClasses());
  if (query.isError) return <ErrorPage error={query.error} again={() => void query.refetch()} />;
  if (!query.data) return <PageSkeleton />;
  const classes = query.data.pages.flatMap((page) => page.classes);
  return (
    <Page title={t("nav.sections.allClasses")}>
      {classes.length === 0 ? (
        <Empty level={2} title={t("admin.noClasses")}>
          {t("admin.noClassesNext")}
        </Empty>
      ) : (
        <Rows items={classes} keyOf={({ _id }) => _id}>
          {({ _id, className, teacher, studentIds, archivedAt }) => (
            <Row
              href={pathOf("class", { classId: _id })}
              title={className}
              detail={[
                teacher && calledOf(teacher),
                t("class.students", { count: studentIds.length }),
                archivedAt && t("class.archived"),
              ]
                .filter(Boolean)
                .join(" · ")}
            />
          )}
        </Rows>
      )}
      <More query={query} />
    </Page>
  );
}
