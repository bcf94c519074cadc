interface Numbered {
  readonly number: number;
}

/** The number that a chain's next entry must have; an empty chain takes any, for it may have been cut elsewhere. */
export const nextOf = (last: Numbered | null, added: readonly Numbered[]): number =>
  last ? last.number + 1 : (added[0]?.number ?? 1);
