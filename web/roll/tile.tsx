import { memo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Initials } from "../parts/initials.tsx";
import { StatusShape } from "../parts/status.tsx";
import type { Desk, TileState } from "./desk.ts";
import type { Pupil } from "./pupils.ts";
import { useInRoom } from "./room-times.tsx";
import css from "./tile.module.css";
import { useReason } from "./words.ts";

export interface OneProps {
  readonly desk: Desk;
  readonly pupil: Pupil;
  readonly clock: (at: number) => string;
  /** Whether the tabulator comes to it. */
  readonly isActive: boolean;
}

/** A student in the grid: one tap anywhere on it marks present, the next absent. */
export const Tile = memo(function Tile({ desk, pupil, clock, isActive }: OneProps) {
  const { id, name } = pupil;
  const tile = useSyncExternalStore(desk.subscribe, () => desk.tile(id));
  const said = useSaid(tile, clock);
  const time = useInRoom(id);
  return (
    <button
      type="button"
      className={css.tile}
      data-student={id}
      data-status={tile.status ?? "unmarked"}
      data-state={tile.state}
      tabIndex={isActive ? 0 : -1}
      onClick={() => desk.turn(id)}
    >
      <span className={css.said}>
        {[name, said.status, said.note, said.where, time?.whole].filter(Boolean).join(", ")}
      </span>
      <span className={css.top} aria-hidden="true">
        <Initials of={name} />
        <Whereabouts tile={tile} />
        <Shape tile={tile} />
      </span>
      <span className={css.name} aria-hidden="true">
        {name}
      </span>
      <span className={css.note} aria-hidden="true">
        {said.note ?? time?.short ?? said.since}
      </span>
    </button>
  );
});

/** The status by shape and letter; the letter is the key that gives it. */
function Shape({ tile }: { readonly tile: TileState }) {
  const { t } = useTranslation();
  const status = tile.status ?? "unmarked";
  return (
    <span className={css.shape} data-state={tile.state} aria-hidden="true">
      <span className={css.letter}>{t(`roll.letter.${status}`)}</span>
      <StatusShape status={status} size="tile" />
    </span>
  );
}

/** A dot for who is connected, a camera for who is in the room. */
export function Whereabouts({ tile: { where } }: { readonly tile: TileState }) {
  if (where === "room")
    return (
      <span className={css.room} aria-hidden="true">
        <Icon name="video" size={16} />
      </span>
    );
  return <span className={css.dot} data-where={where} aria-hidden="true" />;
}

interface Said {
  readonly status: string;
  readonly since: string;
  /** What is not as usual about the mark; null where nothing is. */
  readonly note: string | null;
  readonly where: string | null;
}

/** A tile in words. */
export function useSaid(
  { status, state, code, at, where, changed }: TileState,
  clock: OneProps["clock"],
): Said {
  const { t } = useTranslation();
  const reason = useReason();
  const time = at === null || status === null ? "" : clock(at);
  const notes = {
    saved: changed ? t("roll.changed", { time }) : null,
    sending: t("roll.sending"),
    refused: t("roll.refused", { reason: reason(code ?? "") }),
  };
  const word = t(`status.${status ?? "unmarked"}`);
  return {
    status: state === "saved" && time ? t("roll.since", { status: word, time }) : word,
    since: time,
    note: notes[state],
    where: where === "away" ? null : t(`roll.where.${where}`),
  };
}
