import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClassWithStudents, classOf } from "../api/classes.ts";
import { sessionsOf } from "../api/sessions.ts";
import { useSessionOf } from "../live/live.tsx";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/list.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { useTimes } from "../parts/time.ts";
import { Link, pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { AddStudents } from "./add-students.tsx";
import { ArchiveClass } from "./archive-class.tsx";
import { HeldList } from "./held-list.tsx";
import { RenameClass } from "./rename-class.tsx";
import { Roll } from "./roll.tsx";
import { RoomSettings } from "./room-settings.tsx";

/** A class: its name, its students, its sessions. */
export default function TeacherClass({ params: { classId = "" } }: ScreenProps) {
  const query = useQuery(classOf(classId));
  return <Loaded query={query}>{(its) => <ClassPage its={its} />}</Loaded>;
}

function ClassPage({ its }: { readonly its: ClassWithStudents }) {
  const { t } = useTranslation();
  const { clock } = useTimes();
  const [open, setOpen] = useState<"rename" | "room" | "archive" | null>(null);
  const held = useInfiniteQuery(sessionsOf(its._id));
  const session = useSessionOf(its._id);
  const close = () => setOpen(null);
  return (
    <Page
      title={its.className}
      lead={session?.endedAt === null ? t("student.running", { time: clock(session.startedAt) }) : undefined}
      back={{ href: pathOf("home"), label: t("nav.home") }}
      actions={
        <>
          <Button
            component={Link}
            href={pathOf("live", { classId: its._id })}
            leftSection={<Icon name="player-play" />}
          >
            {t(session?.endedAt === null ? "class.toSession" : "class.takeAttendance")}
          </Button>
          <Button
            component={Link}
            variant="default"
            href={pathOf("room", { classId: its._id })}
            leftSection={<Icon name="video" />}
          >
            {t("room.toRoom")}
          </Button>
          <Button variant="default" leftSection={<Icon name="pencil" />} onClick={() => setOpen("rename")}>
            {t("class.rename")}
          </Button>
          <Button variant="default" leftSection={<Icon name="clock" />} onClick={() => setOpen("room")}>
            {t("rule.title")}
          </Button>
          <Button variant="default" leftSection={<Icon name="archive" />} onClick={() => setOpen("archive")}>
            {t("class.archive")}
          </Button>
        </>
      }
    >
      {open === "rename" && <RenameClass its={its} close={close} />}
      {open === "room" && <RoomSettings its={its} close={close} />}
      {open === "archive" && <ArchiveClass its={its} runs={session?.endedAt === null} close={close} />}
      <Section title={t("held.title")}>
        <HeldList query={held} none={t("held.noneNext")} />
      </Section>
      <Section title={`${t("class.roll")} (${its.students.length})`}>
        <AddStudents its={its} />
        <Roll its={its} />
      </Section>
    </Page>
  );
}
