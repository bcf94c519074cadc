import { memo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Status } from "../../client/index.ts";
import { Icon } from "../parts/icon.tsx";
import { useInRoom } from "./room-times.tsx";
import css from "./row.module.css";
import { type OneProps, useSaid, Whereabouts } from "./tile.tsx";

const STATUSES = ["present", "absent"] as const satisfies readonly Status[];
const ICONS = { present: "check", absent: "x" } as const;

/** A student in the list: the name, and a target for each status. */
export const Row = memo(function Row({ desk, pupil, clock, isActive }: OneProps) {
  const { t } = useTranslation();
  const { id, name } = pupil;
  const tile = useSyncExternalStore(desk.subscribe, () => desk.tile(id));
  const said = useSaid(tile, clock);
  const time = useInRoom(id);
  return (
    <div className={css.row} data-state={tile.state} data-status={tile.status ?? "unmarked"}>
      <span className={css.words}>
        <span className={css.name}>{name}</span>
        <span className={css.note}>
          <Whereabouts tile={tile} />
          {/* The status stands in its button too; for both there is no place on a phone. */}
          <span>{said.note ?? time?.short ?? said.status}</span>
        </span>
      </span>
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          className={css.target}
          data-status={status}
          {...(status === "present" && { "data-student": id })}
          tabIndex={isActive ? 0 : -1}
          aria-pressed={tile.status === status}
          aria-label={t("roll.markAs", {
            name,
            status: t(`status.${status}`),
            now: [said.status, said.note, said.where, time?.whole].filter(Boolean).join(", "),
          })}
          onClick={() => desk.mark(id, status)}
        >
          <Icon name={ICONS[status]} size={24} stroke={2.25} />
        </button>
      ))}
    </div>
  );
});
