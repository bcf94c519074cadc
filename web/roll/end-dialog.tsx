import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { useConnection } from "../live/live.tsx";
import { Dialog } from "../parts/dialog.tsx";
import css from "./bars.module.css";
import type { Desk } from "./desk.ts";
import { EndByRule } from "./end-by-rule.tsx";
import type { Pupil } from "./pupils.ts";

interface EndDialogProps {
  readonly its: Class;
  readonly desk: Desk;
  readonly pupils: readonly Pupil[];
  readonly onClose: () => void;
}

/** Asks once before the session ends: what the class's rule makes of whom, where it has one, else who becomes absent. */
export function EndDialog(props: EndDialogProps) {
  const rule = props.its.presence;
  return rule ? <EndByRule {...props} rule={rule} /> : <EndPlainly {...props} />;
}

function EndPlainly({ its, desk, pupils, onClose }: EndDialogProps) {
  const { t } = useTranslation();
  useSyncExternalStore(desk.subscribe, desk.version);
  const { state, waiting } = useConnection();
  const statusOf = desk.statuses();
  const missed = pupils.filter(({ id }) => statusOf(id) === null);
  return (
    <Dialog
      title={t("roll.endTitle", { name: its.className })}
      onClose={onClose}
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t("roll.goOn")}
          </Button>
          <Button
            onClick={() => {
              desk.end();
              onClose();
            }}
          >
            {t("roll.end")}
          </Button>
        </>
      }
    >
      {state !== "live" && <p className={css.cutNote}>{t("roll.endWaits", { count: waiting + 1 })}</p>}
      {missed.length === 0 ? (
        <p>{t("roll.endAllMarked")}</p>
      ) : (
        <>
          <p>{t("roll.endMissed", { count: missed.length })}</p>
          <ul className={css.missed}>
            {missed.slice(0, NAMED).map(({ id, name }) => (
              <li key={id}>{name}</li>
            ))}
          </ul>
          {missed.length > NAMED && <p>{t("roll.more", { count: missed.length - NAMED })}</p>}
        </>
      )}
    </Dialog>
  );
}

const NAMED = 200;
