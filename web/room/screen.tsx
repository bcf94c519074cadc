import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClassWithStudents, classOf } from "../api/classes.ts";
import { presenceNow } from "../api/presence.ts";
import { iceOf, passOf } from "../api/video.ts";
import { useClient, useConnection, useSessionAt } from "../live/live.tsx";
import { Empty } from "../parts/empty.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { calledOf } from "../parts/person.ts";
import { PageSkeleton } from "../parts/skeletons.tsx";
import { StartSession } from "../roll/start-session.tsx";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import type { Me } from "../session.ts";
import { Room } from "./room.tsx";

/** The video room of a class. */
export default function RoomScreen({ me, params }: ScreenProps) {
  const query = useQuery(classOf(params.classId ?? ""));
  const [isOpen, setOpen] = useState(false);
  const opened = useCallback(() => setOpen(true), []);
  return (
    <Loaded query={query} staysGone={isOpen}>
      {(its) => <Here its={its} me={me} opened={opened} />}
    </Loaded>
  );
}

interface IdleProps {
  readonly its: ClassWithStudents;
  readonly me: Me;
}

interface HereProps extends IdleProps {
  /** Told once there is a room: from then on it says by itself why one is not in it. */
  readonly opened: () => void;
}

function Here({ its, me, opened }: HereProps) {
  const { t } = useTranslation();
  const client = useClient();
  const at = useSessionAt(its._id);
  const { state } = useConnection();
  const [session, setSession] = useState<string | null>(null);
  // Who is in the room stays where they are when the session ends, and is told so there.
  if (at?.runs && session !== at.session) setSession(at.session);
  useEffect(() => {
    if (session) opened();
  }, [session, opened]);
  if (!session) return state === "live" ? <Idle its={its} me={me} /> : <PageSkeleton />;
  if (me.role === "admin") return null;
  const back =
    me.role === "teacher"
      ? { href: pathOf("live", { classId: its._id }), label: t("room.toLive") }
      : { href: pathOf("home"), label: t("nav.home") };
  return (
    <Room
      key={session}
      client={client}
      classId={its._id}
      me={{ id: me._id, name: calledOf(me), role: me.role }}
      ice={() => iceOf(its._id)}
      pass={(peer) => passOf(its._id, peer)}
      its={{
        name: its.className,
        students: its.students.map((student) => ({ id: student._id, name: calledOf(student) })),
        times: presenceNow,
      }}
      back={back}
    />
  );
}

/** No session runs, and so there is no room. */
function Idle({ its, me }: IdleProps) {
  const { t } = useTranslation();
  const client = useClient();
  return (
    <Page
      title={its.className}
      back={{ href: pathOf("class", { classId: its._id }), label: t("roll.toClass") }}
    >
      <Empty level={2} title={t("roll.idle")}>
        {t(me.role === "teacher" ? "room.idleTeacher" : "room.idleStudent")}
      </Empty>
      {me.role === "teacher" && <StartSession client={client} classId={its._id} />}
    </Page>
  );
}
