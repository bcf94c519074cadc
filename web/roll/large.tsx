import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { Icon } from "../parts/icon.tsx";
import { StatusShape } from "../parts/status.tsx";
import type { Desk } from "./desk.ts";
import { Figures } from "./head.tsx";
import css from "./large.module.css";
import type { Pupil } from "./pupils.ts";

interface LargeProps {
  readonly its: Class;
  readonly desk: Desk;
  readonly pupils: readonly Pupil[];
  readonly onClose: () => void;
}

/** As many names as can be read from the last row. */
const NAMES_MAX = 120;

/** For the hall: counts and names alone, dark unless it is wished otherwise. */
export function Large({ its, desk, pupils, onClose }: LargeProps) {
  const { t } = useTranslation();
  const [scheme, setScheme] = useState<"dark" | "light">("dark");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Without it the window is as large as it is.
    element?.requestFullscreen?.().catch(() => undefined);
    return () => {
      if (document.fullscreenElement) void document.exitFullscreen();
    };
  }, []);
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <dialog
      ref={dialog}
      className={css.large}
      data-scheme={scheme}
      aria-label={t("roll.largeOf", { name: its.className })}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={css.head}>
        <h2>{its.className}</h2>
        <div className={css.actions}>
          <button type="button" onClick={() => setScheme(other)}>
            <Icon name={other === "light" ? "sun" : "moon"} /> {t(`theme.${other}`)}
          </button>
          <button type="button" onClick={onClose}>
            <Icon name="x" /> {t("roll.close")}
          </button>
        </div>
      </header>
      <Figures desk={desk} />
      <Names desk={desk} pupils={pupils} />
    </dialog>
  );
}

function Names({ desk, pupils }: Pick<LargeProps, "desk" | "pupils">) {
  const { t } = useTranslation();
  useSyncExternalStore(desk.subscribe, desk.version);
  const statusOf = (id: string) => desk.state?.marks.get(id)?.status ?? "unmarked";
  // Whoever is still to be marked comes first.
  const open = pupils.filter(({ id }) => statusOf(id) === "unmarked");
  const ordered = pupils.length > NAMES_MAX ? open : pupils;
  const named = ordered.slice(0, NAMES_MAX);
  return (
    <>
      <ul className={css.names} data-many={named.length > 40 || undefined}>
        {named.map(({ id, name }) => (
          <li key={id} data-status={statusOf(id)}>
            <StatusShape status={statusOf(id)} size="tile" />
            <span>{name}</span>
          </li>
        ))}
      </ul>
      {ordered.length > named.length && <p>{t("roll.more", { count: ordered.length - named.length })}</p>}
    </>
  );
}
