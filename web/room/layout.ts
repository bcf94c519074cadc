import type { Person } from "./person.ts";

/** Width by height of a tile. */
const SHAPE = 16 / 9;
const GAP = 8;
/** Below this nobody is recognised: then the grid is scrolled instead. */
export const WIDTH_MIN = 148;

/** How many columns show so many tiles the largest, in a place of so many pixels. */
export function columnsFor(count: number, width: number, height: number): number {
  let [best, bestWidth] = [1, 0];
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const across = (width - GAP * (columns - 1)) / columns;
    const down = ((height - GAP * (rows - 1)) / rows) * SHAPE;
    const tile = Math.min(across, down);
    if (tile > bestWidth) [best, bestWidth] = [columns, tile];
  }
  if (bestWidth >= WIDTH_MIN) return best;
  return Math.max(1, Math.floor((width + GAP) / (WIDTH_MIN + GAP)));
}

/** How wide a tile of such a grid is, so that its rows fit where they can. */
export function tileWidth(count: number, columns: number, width: number, height: number): number {
  const rows = Math.ceil(count / columns);
  const across = (width - GAP * (columns - 1)) / columns;
  const down = ((height - GAP * (rows - 1)) / rows) * SHAPE;
  const whole = Math.min(across, down);
  return Math.floor(whole < WIDTH_MIN ? across : whole);
}

/** Somebody's camera, or the screen that they share. */
export interface Tile {
  readonly key: string;
  readonly person: Person;
  readonly isScreen: boolean;
}

/** Everything that is shown, oneself last among few so that the others stand where one looks first. */
export function tilesOf(others: readonly Person[], self: Person): Tile[] {
  const all = [...others, self];
  const screens = all.filter(({ screen }) => screen !== null);
  return [
    ...screens.map((person) => ({ key: `${person.id}-screen`, person, isScreen: true })),
    ...all.map((person) => ({ key: person.id, person, isScreen: false })),
  ];
}

/** What is known of who may stand large. */
export interface Claims {
  /** The tile that the person has picked. */
  readonly picked: string | null;
  /** The screens that are shared, in the order in which they came. */
  readonly screens: readonly string[];
  /** Who stood large last. */
  readonly last: string | null;
}

/**
 * What stands large: a shared screen, of several the one that was picked or the newest, else whoever speaks, else who
 * spoke last, else the teacher, else the first. Nobody needs to see their own screen.
 */
export function chief(tiles: readonly Tile[], { picked, screens, last }: Claims): Tile | undefined {
  const others = tiles.filter(({ person }) => !person.isSelf);
  const shared = others.filter(({ isScreen }) => isScreen);
  const people = others.filter(({ isScreen }) => !isScreen);
  return (
    shared.find(({ key }) => key === picked) ??
    shared.toSorted((a, b) => screens.indexOf(b.key) - screens.indexOf(a.key))[0] ??
    people.find(({ key, person }) => key === last && person.isSpeaking) ??
    people.find(({ person }) => person.isSpeaking) ??
    people.find(({ key }) => key === last) ??
    people.find(({ person }) => person.role === "teacher") ??
    people[0] ??
    tiles.find(({ isScreen }) => !isScreen)
  );
}

/** How many tiles of this width stand beside each other. */
export const placesIn = (width: number, tile: number): number =>
  Math.max(1, Math.floor((width + GAP) / (tile + GAP)));

/** How many tiles of such a grid are in sight before anybody scrolls. */
export function placesInSight(columns: number, tile: number, height: number): number {
  const rows = Math.floor((height + GAP) / (tile / SHAPE + GAP));
  return columns * Math.max(1, rows);
}
