/** A running server, as it shows itself to the others over the same store. */
export interface NodeRow {
  /** Of this run: another start is another node. */
  readonly id: string;
  /** Where it runs, for sentences to an operator. */
  readonly host: string;
  /** The secret that signs its tokens, salted and hashed: nodes with other secrets would refuse each other's users. */
  readonly secret: { readonly salt: string; readonly print: string };
  /** How others' news reaches it. */
  readonly news: "redis" | "poll";
}

/** What a node shows of its own news: the others ask the store where it does not reach them. */
export interface Voice {
  /** Whether what it tells goes out, and at once. */
  readonly carries: boolean;
  /** How much of it did not, since it began. */
  readonly unsaid: number;
}

export interface NodeBeat extends NodeRow, Voice {
  /** How often it has shown that it lives. */
  readonly beats: number;
  /** When it did last, by the store's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** Who serves this store: each node writes its row every few seconds, timed by the store's clock and by no node's. */
export interface NodeStore {
  /** Shows that the node lives, and whether its news goes out. Gives the store's clock, in milliseconds since the epoch. */
  beat(node: NodeRow, voice: Voice): Promise<number>;
  /** Those that showed it within the last `ms`, by their ids; older rows may be removed. */
  alive(ms: number): Promise<NodeBeat[]>;
  /** When the node beat last, by the store's clock, however long ago; null where that is not known any more. */
  lastBeat(id: string): Promise<number | null>;
  /** The node has ended. */
  leave(id: string): Promise<void>;
}
