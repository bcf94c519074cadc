import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import css from "./faults.module.css";
import { useClassroom, useLocal } from "./use-room.ts";

const LANES = ["microphone", "camera", "screen"] as const;

/** What does not work of one's own devices, why, and what can be done about it. */
export function Faults() {
  const { t } = useTranslation();
  const { local } = useClassroom();
  const { lanes } = useLocal();
  return (
    <div role="status" className={css.faults}>
      {LANES.map((lane) => {
        const its = lanes[lane];
        if (its.state !== "failed") return null;
        const again = () => void (lane === "screen" ? local.share() : local.turn(lane, true));
        return (
          <div key={lane} className={css.fault}>
            <Icon name="alert-triangle" />
            <div>
              <b>{t(`room.${lane}.${its.fault}`)}</b>
              <p>{t(`room.way.${its.fault}`)}</p>
            </div>
            <Button variant="default" onClick={again}>
              {t(`room.${lane}.tryAgain`)}
            </Button>
          </div>
        );
      })}
    </div>
  );
}
