import type { Origin, OriginStore } from "../../ports/origin.ts";

/** The origin in a variable. */
export function memoryOrigin(): OriginStore {
  let origin: Origin | null = null;
  return {
    read: async () => origin,
    async write(given) {
      origin = given;
    },
  };
}
