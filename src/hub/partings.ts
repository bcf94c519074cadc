import type { UserId } from "../core/ids.ts";
import type { Told } from "../log/live-session.ts";

interface Parting {
  readonly before: Told;
  /** Who is a member no more once that is told; null at the end. */
  readonly withdrawn: UserId | null;
}

/** K4: what a class is told, cut after each withdrawal, the sequence numbers with it. */
export function partings(told: Told): Parting[] {
  if (!told.range || !told.items.some((item) => item.type === "withdrawn"))
    return [{ before: told, withdrawn: null }];
  const cut: Parting[] = [];
  let [from, items]: [number, Told["items"][number][]] = [told.range[0], []];
  for (const item of told.items) {
    items.push(item);
    if (item.type !== "withdrawn") continue;
    cut.push({ before: { items, range: [from, item.seq] }, withdrawn: item.student });
    [from, items] = [item.seq + 1, []];
  }
  const to = told.range[1];
  const rest: Told = { items, range: from <= to ? [from, to] : null };
  return items.length > 0 ? [...cut, { before: rest, withdrawn: null }] : cut;
}
