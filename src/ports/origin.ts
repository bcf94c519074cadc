/** Where a store's data came from, when it was moved here from another one. */
export interface Origin {
  /** Names the other store to an operator, without its secrets. */
  readonly from: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Null while not everything is here: nobody may serve such a store. */
  readonly finishedAt: number | null;
}

/** At most one origin; a store that was filled by its own servers has none. */
export interface OriginStore {
  read(): Promise<Origin | null>;
  /** Replaces what was there. */
  write(origin: Origin): Promise<void>;
}
