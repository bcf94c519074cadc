import type { AuditEntry } from "../ports/store.ts";
import type { TrailStore } from "../ports/trail.ts";
import { openTrailEntry } from "./trail.ts";

type Link = Pick<AuditEntry, "number" | "hash">;

/** What the audit chain says of the trail. */
export interface Vouched {
  /** Where it stood. */
  readonly anchors: readonly Link[];
  /** Entries up to which it was cut off. */
  readonly cuts: readonly Link[];
}

const PAGE = 500;

/**
 * AU4: walks the trail; gives a sentence for each thing that is wrong, and how many entries there are. `vouched` is
 * asked again where the trail begins at an entry of which the audit chain did not know.
 */
export async function verifyTrail(
  store: Pick<TrailStore, "read">,
  vouched: () => Promise<Vouched>,
): Promise<{ readonly entries: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  const hashes = new Map<number, string>();
  let before: Link | null = null;
  let first: number | null = null;
  for (let page = await store.read(0, PAGE); page.length > 0; ) {
    for (const entry of page) {
      if (first === null) {
        first = entry.number;
        before = entry.number === 1 ? null : await beginning(entry.number, vouched);
      }
      const fact = openTrailEntry(entry, before);
      if (typeof fact === "string") faults.push(fact);
      before = entry;
      hashes.set(entry.number, entry.hash);
    }
    page = await store.read(before?.number ?? 0, PAGE);
  }
  const { anchors } = await vouched();
  for (const { number, hash } of anchors) {
    // What stood before the beginning was removed with it.
    if (number < (first ?? 0) || hashes.get(number) === hash) continue;
    faults.push(`trail entry ${number}: the audit chain names it with another hash, or it is gone`);
  }
  return { entries: hashes.size, faults };
}

/** The entry behind which the trail was cut off to begin here. */
async function beginning(first: number, vouched: () => Promise<Vouched>): Promise<Link | null> {
  const { cuts } = await vouched();
  return cuts.find(({ number }) => number === first - 1) ?? null;
}
