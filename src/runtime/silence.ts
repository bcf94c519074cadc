import type { Config } from "../config.ts";
import type { Pipe } from "../hub/mount.ts";
import type { Socket } from "./socket.ts";

type Deadlines = Pick<Config, "PING_AFTER_MS" | "SILENCE_MAX_MS" | "ROOM_PING_MS">;

/**
 * Pings sockets that were silent and cuts off those that stay so, whether or not they are being sent to: writes to a
 * dead peer succeed for minutes. Returns what ends the watch.
 */
export function watchSilence(
  sockets: ReadonlyMap<Socket<unknown>, Pick<Pipe, "ping" | "terminate">>,
  { PING_AFTER_MS, SILENCE_MAX_MS, ROOM_PING_MS }: Deadlines,
  cut: () => void,
): () => void {
  const look = () => {
    const now = performance.now();
    for (const [socket, pipe] of sockets) {
      const silent = now - socket.heardAt;
      if (silent >= SILENCE_MAX_MS) {
        cut();
        pipe.terminate();
        continue;
      }
      const after = socket.isWatched ? Math.min(ROOM_PING_MS, PING_AFTER_MS) : PING_AFTER_MS;
      if (silent < after || now - socket.pingedAt < after) continue;
      socket.pingedAt = now;
      pipe.ping();
    }
  };
  const often = Math.min(PING_AFTER_MS, SILENCE_MAX_MS - PING_AFTER_MS, 2 * ROOM_PING_MS) / 5;
  const timer = setInterval(look, Math.max(10, often));
  return () => clearInterval(timer);
}
