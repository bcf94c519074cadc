/** Below the ports that systems give to clients: one of those could take the port of a server that is down for a while. */
const LOWEST = 12_000;
const HIGHEST = 32_000;
const TRIES_MAX = 100;

/** A port of this machine that was free a moment ago, for programs that must be told one and may come back on it. */
export function freePort(): number {
  for (let tries = 0; ; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    try {
      Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
      return port;
    } catch (error) {
      // Taken, most likely: the next one.
      if (tries === TRIES_MAX) throw error;
    }
  }
}
