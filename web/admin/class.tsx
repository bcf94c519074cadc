import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { anyClass } from "../api/admin.ts";
import { anySessionsOf } from "../api/sessions.ts";
import { Empty } from "../parts/empty.tsx";
import { Initials } from "../parts/initials.tsx";
import { Row, Section } from "../parts/list.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { VirtualRows } from "../parts/virtual-rows.tsx";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { HeldList } from "../teacher/held-list.tsx";
import css from "./admin.module.css";
import { HandOver } from "./hand-over.tsx";

/** Any class, to read; and to be handed to another teacher. */
export default function AnyClass({ params: { classId = "" } }: ScreenProps) {
  const { t } = useTranslation();
  const query = useQuery(anyClass(classId));
  const held = useInfiniteQuery(anySessionsOf(classId));
  return (
    <Loaded query={query}>
      {(its) => (
        <Page
          title={its.className}
          lead={its.archivedAt ? t("class.archived") : undefined}
          back={{ href: pathOf("allClasses"), label: t("nav.sections.allClasses") }}
        >
          <Section title={t("admin.handOver")}>
            {its.teacher && (
              <p className={css.health}>
                <Initials of={calledOf(its.teacher)} />
                {calledOf(its.teacher)}
              </p>
            )}
            <HandOver classId={its._id} teacherId={its.teacherId} />
          </Section>
          <Section title={t("held.title")}>
            <HeldList query={held} none={t("held.noneNext")} />
          </Section>
          <Section title={`${t("class.roll")} (${its.students.length})`}>
            {its.students.length === 0 ? (
              <Empty title={t("class.noStudents")}>{t("admin.noStudentsNext")}</Empty>
            ) : (
              <VirtualRows items={its.students} keyOf={({ _id }) => _id}>
                {(person) => (
                  <Row
                    start={<Initials of={calledOf(person)} />}
                    title={calledOf(person)}
                    detail={person.email}
                  />
                )}
              </VirtualRows>
            )}
          </Section>
        </Page>
      )}
    </Loaded>
  );
}
