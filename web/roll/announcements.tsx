import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Desk } from "./desk.ts";
import css from "./roll.module.css";

interface AnnouncementsProps {
  readonly desk: Desk;
  readonly nameOf: (student: string) => string | null;
}

/** However many marks arrive, no more is said than one sentence in so many milliseconds. */
const EVERY_MS = 2500;

/** Tells a screen reader what was saved: one mark by its name, more of them by the counts. */
export function Announcements({ desk, nameOf }: AnnouncementsProps) {
  const { t } = useTranslation();
  const [said, say] = useState("");
  const names = useRef(nameOf);
  names.current = nameOf;
  useEffect(() => {
    const marked = new Map<string, string | null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = () => {
      timer = undefined;
      const [first, ...more] = marked;
      marked.clear();
      if (!first) return;
      const [student, status] = first;
      const name = names.current(student);
      const word = t(`status.${status === "present" || status === "absent" ? status : "unmarked"}`);
      say(
        more.length === 0 && name
          ? t("roll.saidOne", { name, status: word })
          : t("roll.saidMany", { ...desk.counts() }),
      );
      timer = setTimeout(speak, EVERY_MS);
    };
    const stop = desk.client.on("event", ({ session, event }) => {
      if (session !== desk.session) return;
      if (event.type === "marked") marked.set(event.student, event.status);
      if (event.type === "markedMany")
        for (const student of event.students) marked.set(student, event.status);
      if (event.type === "undone") for (const [student, status] of event.marks) marked.set(student, status);
      timer ??= setTimeout(speak, 300);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [desk, t]);
  return (
    <p className={css.said} role="status" aria-live="polite">
      {said}
    </p>
  );
}
