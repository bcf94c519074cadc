import { NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { watchLevel } from "./call/level.ts";
import css from "./device-choice.module.css";
import { useClassroom, useLocal } from "./use-room.ts";

/** Which microphone and which camera, and how loud one is. */
export function DeviceChoice() {
  return (
    <div className={css.choice}>
      <Pick kind="microphone" />
      <Meter />
      <Pick kind="camera" />
    </div>
  );
}

function Pick({ kind }: { readonly kind: "microphone" | "camera" }) {
  const { t } = useTranslation();
  const { local } = useClassroom();
  const { devices, chosen, tracks } = useLocal();
  const all = devices[kind];
  if (all.length === 0) return null;
  return (
    <NativeSelect
      label={t(`room.${kind}.name`)}
      value={tracks[kind]?.getSettings().deviceId ?? chosen[kind] ?? all[0]?.id ?? ""}
      onChange={({ currentTarget }) => void local.choose(kind, currentTarget.value)}
      data={all.map(({ id, label }, at) => ({
        value: id,
        label: label || t(`room.${kind}.numbered`, { number: at + 1 }),
      }))}
    />
  );
}

/** Moves while one speaks; a microphone that is off is still. */
function Meter() {
  const { t } = useTranslation();
  const { microphone } = useLocal().tracks;
  const [level, setLevel] = useState(0);
  useEffect(() => {
    setLevel(0);
    return microphone ? watchLevel(microphone, setLevel) : undefined;
  }, [microphone]);
  if (!microphone) return null;
  return (
    <div className={css.meter}>
      <span id="room-meter">{t("room.level")}</span>
      <meter aria-labelledby="room-meter" min={0} max={1} value={level} />
    </div>
  );
}
