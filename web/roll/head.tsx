import { Button } from "@mantine/core";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { useConnection } from "../live/live.tsx";
import { Icon } from "../parts/icon.tsx";
import { Link, pathOf } from "../router.tsx";
import type { Counts, Desk } from "./desk.ts";
import css from "./head.module.css";
import type { Standing } from "./roll.tsx";

interface HeadProps {
  readonly its: Class;
  readonly desk: Desk;
  readonly setStanding: (standing: Standing) => void;
}

/** What is told at one glance, always in sight: the class, whether it is live and since when, who is here. */
export function Head({ its, desk, setStanding }: HeadProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${its.className} · ${t("product")}`;
  }, [its.className, t]);
  return (
    <header className={css.head}>
      <div className={css.title}>
        <Link
          className={css.back}
          href={pathOf("class", { classId: its._id })}
          aria-label={t("roll.toClassOf", { name: its.className })}
        >
          <Icon name="arrow-left" />
        </Link>
        <h1 ref={heading} tabIndex={-1}>
          {its.className}
        </h1>
        {/* Beside the roll, not in its place: both are needed at once. */}
        <a
          className={css.room}
          href={pathOf("room", { classId: its._id })}
          target="_blank"
          rel="noreferrer"
          aria-label={t("room.toRoom")}
        >
          <Icon name="video" />
        </a>
        <Live desk={desk} />
        <Looking desk={desk} />
      </div>
      <Figures desk={desk} />
      <div className={css.actions}>
        <Button variant="default" onClick={() => desk.markMany("all", "present")}>
          {t("roll.allPresent")}
        </Button>
        <Button variant="default" onClick={() => desk.markMany("rest", "absent")}>
          {t("roll.restAbsent")}
        </Button>
        <Button onClick={() => setStanding("end")}>{t("roll.end")}</Button>
      </div>
    </header>
  );
}

/** The dot and the time since the start; the bar above tells the state of the connection in words, and aloud. */
function Live({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const { state } = useConnection();
  const elapsed = useElapsed(desk.state?.startedAt ?? null);
  return (
    <p className={css.live} data-state={state}>
      <span className={css.dot} aria-hidden="true" />
      {state !== "live" && <span aria-hidden="true">{t(`live.${state}`)}</span>}
      <span role="timer" aria-label={t("roll.elapsed")}>
        {elapsed}
      </span>
    </p>
  );
}

/** 12:31, or 1:02:31. */
function useElapsed(startedAt: number | null): string {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - (startedAt ?? now)) / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** The other devices and teachers who look at this class now. */
function Looking({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const presence = useSyncExternalStore(desk.subscribe, desk.presence);
  const { socket, user } = desk.client;
  const others = (presence?.looking ?? []).filter((one) => one.socket !== socket);
  if (others.length === 0) return null;
  const own = others.filter((one) => one.user === user?.id).length;
  const names = [...new Set(others.flatMap((one) => (one.user === user?.id ? [] : (one.name ?? "?"))))];
  return (
    <p className={css.looking}>
      <Icon name="users" size={16} />
      {[...(own > 0 ? [t("roll.ownDevices", { count: own })] : []), ...names].join(", ")}
    </p>
  );
}

const ORDER = ["present", "absent", "unmarked"] as const satisfies readonly (keyof Counts)[];

/** The counts of the marks, as the server has said them, and how many are in the video room, marked or not. */
export function Figures({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const counts = useSyncExternalStore(desk.subscribe, desk.counts);
  const inRoom = useSyncExternalStore(desk.subscribe, desk.inRoom);
  return (
    <ul className={css.figures}>
      {ORDER.map((status) => (
        <li key={status} data-status={status}>
          <b>{counts[status]}</b> {t(`roll.counted.${status}`, { count: counts[status] })}
        </li>
      ))}
      {inRoom > 0 && (
        <li>
          <b>{inRoom}</b> {t("roll.inRoom", { count: inRoom })}
        </li>
      )}
    </ul>
  );
}
