import type { OpenBus } from "../ports/bus.ts";

/** No bus at all: nodes learn of each other by asking the store. */
export const noBus: OpenBus = () => ({
  publish: () => undefined,
  follow: () => undefined,
  leave: () => undefined,
  state: "down",
  unsaid: 0,
  close: async () => undefined,
});
