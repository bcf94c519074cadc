import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../parts/empty.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/skeletons.tsx";
import { StartSession } from "../../roll/start-session.tsx";
import { Room } from "../room.tsx";
import { Door } from "./door.tsx";
import type { Visit } from "./visit.ts";

/** The video classroom by itself: who one is and which class, and then its room. */
export function ClassroomPage() {
  const [visited, setVisited] = useState<Visit | null>(null);
  useEffect(() => {
    const wake = () => visited?.client.wake();
    addEventListener("online", wake);
    return () => {
      removeEventListener("online", wake);
      visited?.client.close();
    };
  }, [visited]);
  return visited ? <Here visited={visited} /> : <Door enter={setVisited} />;
}

function Here({ visited }: { readonly visited: Visit }) {
  const { client, classId, me, its } = visited;
  const running = useRunning(visited);
  const [session, setSession] = useState<string | null>(null);
  // Whoever waited has clicked nothing since: nobody is on air without having asked for it.
  const [hasWaited, setWaited] = useState(false);
  if (running === "" && !hasWaited) setWaited(true);
  if (running && running !== session) setSession(running);
  if (session) return <Room key={session} {...visited} entersAtOnce={!hasWaited} />;
  if (running === null) return <PageSkeleton />;
  return (
    <Idle name={its.name}>{me.role === "teacher" && <StartSession client={client} classId={classId} />}</Idle>
  );
}

/** The running session of the class; empty where none runs, null while that is not known. */
function useRunning({ client, classId }: Visit): string | null {
  return useSyncExternalStore(
    (listener) => {
      const stops = [client.on("status", listener), client.on("session", listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    () => {
      const its = [...client.sessions.values()].find((one) => one.class === classId && one.endedAt === null);
      if (its) return its.session;
      return client.status.state === "ready" ? "" : null;
    },
  );
}

/** No session runs, and so there is no room. */
function Idle({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Page title={name}>
      <Empty level={2} title={t("roll.idle")}>
        {t(children ? "room.idleTeacher" : "room.idleStudent")}
      </Empty>
      {children}
    </Page>
  );
}
