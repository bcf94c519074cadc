import type { BusListener, OpenBus } from "../ports/bus.ts";

/** A bus between the nodes of one process, for tests: news comes in the next turn, in order, once. */
export function createMemoryBus(): OpenBus {
  const followers = new Map<string, Set<BusListener>>();
  return (listener) => {
    const own = new Set<string>();
    const leave = (channel: string) => {
      own.delete(channel);
      followers.get(channel)?.delete(listener);
    };
    return {
      publish(channel, message) {
        for (const follower of followers.get(channel) ?? [])
          setImmediate(() => follower.heard(channel, message));
      },
      follow(channel) {
        own.add(channel);
        followers.set(channel, (followers.get(channel) ?? new Set()).add(listener));
        setImmediate(() => own.has(channel) && listener.following(channel));
      },
      leave,
      state: "ok",
      unsaid: 0,
      close: async () => own.forEach(leave),
    };
  };
}
