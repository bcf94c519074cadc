import type { OpenBus } from "../../src/ports/bus.ts";

export interface Manners {
  /** The share of messages that never come. */
  readonly lost: number;
  /** The share that comes twice. */
  readonly twice: number;
  /** Up to how late each comes, in ms; so they come in any order. */
  readonly lateMs: number;
}

/** A bus that loses, doubles, delays and shuffles what it carries. */
export const unruly =
  (open: OpenBus, { lost, twice, lateMs }: Manners): OpenBus =>
  (listener) => {
    const bus = open(listener);
    const later = (channel: string, message: string) =>
      setTimeout(() => bus.publish(channel, message), Math.random() * lateMs);
    return {
      publish(channel, message) {
        if (Math.random() >= lost) later(channel, message);
        if (Math.random() < twice) later(channel, message);
      },
      follow: (channel) => bus.follow(channel),
      leave: (channel) => bus.leave(channel),
      state: "ok",
      unsaid: 0,
      close: () => bus.close(),
    };
  };
