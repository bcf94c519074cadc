import type { Tile } from "./layout.ts";

/** Who stands where, of more than are in sight: whoever speaks is seen, and nobody moves without need. */
export class Seating {
  #order: readonly string[] = [];
  /** When each was heard last, counted by looks. */
  readonly #heard = new Map<string, number>();
  #looks = 0;

  /** The tiles in the order in which they stand, of which the first so many are in sight. */
  arrange(tiles: readonly Tile[], places: number): readonly Tile[] {
    const byKey = new Map(tiles.map((tile) => [tile.key, tile]));
    this.#looks += 1;
    for (const { key, person } of tiles) if (person.isSpeaking) this.#heard.set(key, this.#looks);
    for (const key of this.#heard.keys()) if (!byKey.has(key)) this.#heard.delete(key);
    if (tiles.length <= places) this.#order = [...byKey.keys()];
    else this.#order = this.#moved(byKey, places);
    return this.#order.flatMap((key) => byKey.get(key) ?? []);
  }

  /** Whoever speaks out of sight takes the place of the one in sight who was silent longest. */
  #moved(byKey: ReadonlyMap<string, Tile>, places: number): string[] {
    const known = this.#order.filter((key) => byKey.has(key));
    const order = [...new Set([...screensOf(byKey), ...known, ...byKey.keys()])];
    const isSpeaking = (key: string) => byKey.get(key)?.person.isSpeaking && !byKey.get(key)?.isScreen;
    for (const [at, key] of order.entries()) {
      if (at < places || !isSpeaking(key)) continue;
      const inSight = order.slice(0, places).filter((one) => !byKey.get(one)?.isScreen && !isSpeaking(one));
      const silent = inSight.toSorted((a, b) => this.#since(a) - this.#since(b))[0];
      if (silent === undefined) break;
      order[at] = silent;
      order[order.indexOf(silent)] = key;
    }
    return order;
  }

  #since(key: string): number {
    return this.#heard.get(key) ?? 0;
  }
}

const screensOf = (byKey: ReadonlyMap<string, Tile>): string[] =>
  [...byKey].flatMap(([key, { isScreen }]) => (isScreen ? key : []));
