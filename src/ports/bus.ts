/**
 * Carries news between nodes. News is a hint: it may be lost, come late, twice or out of order, and whoever hears of
 * something asks the store. Nothing of a bus is waited for.
 */
export interface Bus {
  /** Tells those who follow the channel, the sender among them. */
  publish(channel: string, message: string): void;
  /** Hears the channel from some moment on, of which the listener is told; again by itself after each loss. */
  follow(channel: string): void;
  leave(channel: string): void;
  /** How it is doing: "late" where news comes, but not at once. */
  readonly state: BusState;
  /** How many messages could not be told. */
  readonly unsaid: number;
  close(): Promise<void>;
}

export type BusState = "ok" | "late" | "down";

export interface BusListener {
  heard(channel: string, message: string): void;
  /** From now on the channel is heard; what was told before may have been missed. */
  following(channel: string): void;
  /** Its state is another than before. */
  changed(state: BusState): void;
}

export type OpenBus = (listener: BusListener) => Bus;
