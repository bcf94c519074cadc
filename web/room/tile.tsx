import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import type { Tile } from "./layout.ts";
import { Picture } from "./picture.tsx";
import { RoomIcon } from "./room-icon.tsx";
import css from "./tile.module.css";

interface TileProps {
  readonly tile: Tile;
  /** There is place for the whole of it. */
  readonly isLarge?: boolean;
  /** Has it stand large, by its key. */
  readonly pick?: (key: string) => void;
}

/** One person, or the screen that they share: their picture, their name, and how they are. */
export function TileOf({ tile, isLarge = false, pick }: TileProps) {
  const { t } = useTranslation();
  const { person, isScreen } = tile;
  if (isScreen) return <ScreenOf tile={tile} {...(pick && { pick })} />;
  const { isSelf, isMicOn, isSpeaking, hand, state, quality } = person;
  const name = isSelf ? t("room.you", { name: person.name }) : person.name;
  return (
    <li className={css.tile} data-speaking={isSpeaking || undefined} data-state={state}>
      <Picture
        of={person.name}
        track={person.camera}
        label={t("room.cameraOf", { name })}
        isMirrored={isSelf}
        isWhole={isLarge}
      />
      {state !== "live" && <p className={css.state}>{t(`room.state.${state}`)}</p>}
      {hand && (
        <p className={css.hand}>
          <RoomIcon name="hand-stop" size={20} />
          <VisuallyHidden>{t("room.handUp")}</VisuallyHidden>
        </p>
      )}
      <p className={css.name}>
        {!isMicOn && (
          <>
            <RoomIcon name="microphone-off" size={16} />
            <VisuallyHidden>{t("room.micOff")}: </VisuallyHidden>
          </>
        )}
        {quality === "poor" && (
          <>
            <Icon name="wifi-off" size={16} />
            <VisuallyHidden>{t("room.quality.poor")}: </VisuallyHidden>
          </>
        )}
        <span className={css.called}>{name}</span>
        {isSpeaking && <VisuallyHidden>, {t("room.speaking")}</VisuallyHidden>}
      </p>
    </li>
  );
}

function ScreenOf({ tile: { key, person }, pick }: TileProps) {
  const { t } = useTranslation();
  const name = person.isSelf ? t("room.you", { name: person.name }) : person.name;
  const label = t("room.screenOf", { name });
  return (
    <li className={css.tile}>
      <Picture of={person.name} track={person.screen} label={label} isWhole />
      <p className={css.name}>
        <RoomIcon name="screen-share" size={16} />
        <span className={css.called}>{label}</span>
      </p>
      {pick && (
        <button
          type="button"
          className={css.pick}
          aria-label={t("room.enlarge", { what: label })}
          title={t("room.enlarge", { what: label })}
          onClick={() => pick(key)}
        >
          <Icon name="maximize" size={20} />
        </button>
      )}
    </li>
  );
}
