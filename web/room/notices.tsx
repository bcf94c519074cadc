import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Faults } from "./faults.tsx";
import css from "./inside.module.css";
import { useClassroom, useView } from "./use-room.ts";

const REFUSED: Readonly<Record<string, "tooFast" | "tooLong" | "notSent" | "peerGone">> = {
  "too-fast": "tooFast",
  "too-long": "tooLong",
  cut: "notSent",
  "peer-not-connected": "peerGone",
};

/** What the person must know now: each with what can be done. */
export function Notices() {
  const { t } = useTranslation();
  const classroom = useClassroom();
  const { asked, isSilenced, refused } = useView();
  return (
    <div className={css.notices}>
      <Faults canPutAside />
      <div role="status">
        {isSilenced && (
          <Notice words={t("room.silenced")}>
            <Button onClick={() => classroom.unsilence()}>{t("room.unsilence")}</Button>
          </Notice>
        )}
        {asked && (
          <Notice words={t(`room.asked.${asked}`)}>
            {asked === "unmute" && (
              <Button onClick={() => classroom.answer(true)}>{t("room.microphone.turnOn")}</Button>
            )}
            <Button variant="default" onClick={() => classroom.answer(false)}>
              {t(asked === "unmute" ? "room.notNow" : "room.gotIt")}
            </Button>
          </Notice>
        )}
        {refused && (
          <Notice words={t(`room.${REFUSED[refused] ?? "notDone"}`)}>
            <Button variant="default" onClick={() => classroom.answer(false)}>
              {t("room.gotIt")}
            </Button>
          </Notice>
        )}
      </div>
    </div>
  );
}

function Notice({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  return (
    <div className={css.notice}>
      <p>{words}</p>
      {children}
    </div>
  );
}
