import { useTranslation } from "react-i18next";
import { RoomIcon, type RoomIconName } from "./room-icon.tsx";
import css from "./switch.module.css";
import { useClassroom, useLocal } from "./use-room.ts";

interface SwitchProps {
  readonly icon: RoomIconName;
  readonly label: string;
  readonly isOn: boolean;
  /** It does not work now; what there is to know stands elsewhere. */
  readonly isFaulty?: boolean;
  /** The key that does the same. */
  readonly keyName?: string;
  /** Whether what it opens is open. */
  readonly isExpanded?: boolean;
  /** It ends something. */
  readonly ends?: boolean;
  readonly onClick: () => void;
}

/** A round switch of the room: an icon, and its words below. */
export function Switch({
  icon,
  label,
  isOn,
  isFaulty = false,
  keyName,
  isExpanded,
  ends = false,
  onClick,
}: SwitchProps) {
  return (
    <button
      type="button"
      className={css.switch}
      data-on={isOn || undefined}
      data-faulty={isFaulty || undefined}
      data-ends={ends || undefined}
      aria-expanded={isExpanded}
      aria-keyshortcuts={keyName}
      title={keyName && `${label} (${keyName})`}
      onClick={onClick}
    >
      <RoomIcon name={icon} />
      <span>{label}</span>
    </button>
  );
}

const ICONS = {
  microphone: ["microphone", "microphone-off"],
  camera: ["video", "video-off"],
} as const;

const KEYS = { microphone: "M", camera: "C" } as const;

/** Turns the microphone or the camera on or off; its words say what a press does. */
export function DeviceSwitch({ kind }: { readonly kind: "microphone" | "camera" }) {
  const { t } = useTranslation();
  const { local } = useClassroom();
  const { state } = useLocal().lanes[kind];
  const isOn = state === "on";
  return (
    <Switch
      icon={ICONS[kind][isOn ? 0 : 1]}
      label={t(
        state === "asking" ? `room.${kind}.asking` : isOn ? `room.${kind}.turnOff` : `room.${kind}.turnOn`,
      )}
      isOn={isOn}
      isFaulty={state === "failed"}
      keyName={KEYS[kind]}
      onClick={() => void local.turn(kind, !isOn)}
    />
  );
}
