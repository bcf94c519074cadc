/** One page of somebody's in the room, as much of it as matters here. */
interface Somebody {
  readonly user: string;
  readonly name: string;
  readonly hand: boolean;
}

/** What was said of somebody last. */
interface Known {
  readonly name: string;
  readonly hand: boolean;
  /** Since when they have been missing; null while they are there. Milliseconds. */
  readonly missingSince: number | null;
}

/** Names of those of whom something is to be said. */
export interface Comings {
  readonly came: readonly string[];
  readonly left: readonly string[];
  readonly hands: readonly string[];
}

/** Whoever is back by then was cut off, and never away. */
const AWAY_MS = 5000;

/** Who came, who left and who raised a hand since it was asked the last time; each person once, by however many pages. */
export class ComingsAndGoings {
  #known: ReadonlyMap<string, Known>;

  /** Of those who are there from the beginning nothing is said. */
  constructor(others: readonly Somebody[]) {
    this.#known = peopleIn(others);
  }

  news(others: readonly Somebody[], now: number): Comings {
    const here = peopleIn(others);
    const next = new Map<string, Known>(here);
    const [came, left, hands]: [string[], string[], string[]] = [[], [], []];
    for (const [user, { name, hand }] of here) {
      const before = this.#known.get(user);
      if (!before) came.push(name);
      if (hand && !before?.hand) hands.push(name);
    }
    for (const [user, before] of this.#known) {
      if (here.has(user)) continue;
      const missingSince = before.missingSince ?? now;
      if (now - missingSince >= AWAY_MS) left.push(before.name);
      else next.set(user, { ...before, missingSince });
    }
    this.#known = next;
    return { came, left, hands };
  }
}

function peopleIn(others: readonly Somebody[]): Map<string, Known> {
  const people = new Map<string, Known>();
  for (const { user, name, hand } of others)
    people.set(user, { name, hand: hand || (people.get(user)?.hand ?? false), missingSince: null });
  return people;
}
