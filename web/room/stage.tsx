import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  chief,
  columnsFor,
  placesIn,
  placesInSight,
  type Tile,
  tilesOf,
  tileWidth,
  WIDTH_MIN,
} from "./layout.ts";
import { Seating } from "./seating.ts";
import css from "./stage.module.css";
import { TileOf } from "./tile.tsx";
import { useView } from "./use-room.ts";

export type Layout = "grid" | "speaker";

/** Everyone in the room. Somebody's shared screen stands large in either layout. */
export function Stage({ layout }: { readonly layout: Layout }) {
  const { t } = useTranslation();
  const { others, self } = useView();
  const tiles = tilesOf(others, self);
  const { large, pick } = useLarge(tiles, layout);
  if (!large || tiles.length === 1)
    return (
      <div className={css.stage} data-stage>
        <Grid tiles={tiles} label={t("room.everyone")} />
      </div>
    );
  return (
    <div className={css.stage} data-stage data-large>
      <ul className={css.large} aria-label={t("room.large")}>
        <TileOf key={large.key} tile={large} isLarge />
      </ul>
      <Strip tiles={tiles.filter(({ key }) => key !== large.key)} pick={pick} />
    </div>
  );
}

/** What stands large now, and the way to have another shared screen there. */
function useLarge(tiles: readonly Tile[], layout: Layout) {
  const last = useRef<string | null>(null);
  const [picked, pick] = useState<string | null>(null);
  const [screens, setScreens] = useState<readonly string[]>([]);
  const shared = tiles.flatMap(({ key, isScreen, person }) => (isScreen && !person.isSelf ? key : []));
  if (shared.length !== screens.length || shared.some((key) => !screens.includes(key))) {
    const known = screens.filter((key) => shared.includes(key));
    const fresh = shared.filter((key) => !known.includes(key));
    setScreens([...known, ...fresh]);
    // Whoever begins to share wants to be seen.
    if (fresh.length > 0) pick(null);
  }
  const large =
    layout === "speaker" || shared.length > 0 ? chief(tiles, { picked, screens, last: last.current }) : null;
  useEffect(() => {
    if (large && !large.isScreen) last.current = large.key;
  }, [large]);
  return { large, pick };
}

interface StripProps {
  readonly tiles: readonly Tile[];
  readonly pick: (key: string) => void;
}

/** As many of the others as stand in a row, and how many more there are. */
function Strip({ tiles, pick }: StripProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLUListElement>(null);
  const { width } = useSize(place);
  const [seating] = useState(() => new Seating());
  const places = placesIn(width, WIDTH_MIN);
  const shown = tiles.length > places ? Math.max(1, places - 1) : tiles.length;
  return (
    <ul ref={place} className={css.strip} aria-label={t("room.everyone")}>
      {seating
        .arrange(tiles, shown)
        .slice(0, shown)
        .map((tile) => (
          <TileOf key={tile.key} tile={tile} {...(tile.isScreen && !tile.person.isSelf && { pick })} />
        ))}
      {tiles.length > shown && (
        <li className={css.more}>{t("room.moreTiles", { count: tiles.length - shown })}</li>
      )}
    </ul>
  );
}

interface GridProps {
  readonly tiles: readonly Tile[];
  readonly label: string;
}

function Grid({ tiles, label }: GridProps) {
  const place = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(place);
  const [seating] = useState(() => new Seating());
  const columns = columnsFor(tiles.length, width, height);
  const tile = tileWidth(tiles.length, columns, width, height);
  const style: CSSProperties & Record<`--${string}`, string> = {
    "--columns": String(columns),
    "--tile": `${tile}px`,
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard
    <div ref={place} className={css.place} tabIndex={0}>
      <ul className={css.grid} style={style} aria-label={label}>
        {seating
          .arrange(tiles, width > 0 ? placesInSight(columns, tile, height) : tiles.length)
          .map((one) => (
            <TileOf key={one.key} tile={one} />
          ))}
      </ul>
    </div>
  );
}

/** The size of an element, kept up with. */
function useSize(element: React.RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box) setSize({ width: box.width, height: box.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
