import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Class, classOf } from "../api/classes.ts";
import { useClient, useConnection, useSessionAt } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { PageSkeleton } from "../parts/skeletons.tsx";
import { Link, pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { EndedSession } from "./ended.tsx";
import { Roll } from "./roll.tsx";
import { StartSession } from "./start-session.tsx";

/** A class while attendance is taken: it begins here, is marked here, and ends here. */
export default function LiveScreen({ params }: ScreenProps) {
  const query = useQuery(classOf(params.classId ?? ""));
  return <Loaded query={query}>{(its) => <Now its={its} people={its.students} />}</Loaded>;
}

interface NowProps {
  readonly its: Class;
  readonly people: readonly Person[];
}

export interface Person {
  readonly _id: string;
  readonly name: string | null;
  readonly email: string | null;
}

function Now({ its, people }: NowProps) {
  const at = useSessionAt(its._id);
  const isKnown = useKnown();
  if (at?.runs) return <Roll key={at.session} its={its} people={people} session={at.session} />;
  // Before the server has told what runs, nobody knows that nothing does.
  if (!isKnown) return <PageSkeleton />;
  if (at) return <EndedSession its={its} session={at.session} start={<Start classId={its._id} />} />;
  return (
    <Waiting its={its}>
      <Start classId={its._id} />
    </Waiting>
  );
}

/** Whether everything that runs has been told once. */
function useKnown(): boolean {
  const { state } = useConnection();
  const [known, setKnown] = useState(false);
  if (state === "live" && !known) setKnown(true);
  return known || state === "live";
}

function Waiting({ its, children }: { readonly its: Class; readonly children: React.ReactNode }) {
  const { t } = useTranslation();
  const toClass = pathOf("class", { classId: its._id });
  return (
    <Page title={its.className} back={{ href: toClass, label: t("roll.toClass") }}>
      {its.studentIds.length === 0 ? (
        <Empty level={2} title={t("roll.nobody")}>
          {t("roll.nobodyNext")} <Link href={toClass}>{t("roll.addStudents")}</Link>
        </Empty>
      ) : (
        <Empty level={2} title={t("roll.idle")}>
          {t("roll.idleNext", { count: its.studentIds.length })}
        </Empty>
      )}
      <div>{children}</div>
    </Page>
  );
}

function Start({ classId }: { readonly classId: string }) {
  return <StartSession client={useClient()} classId={classId} />;
}
