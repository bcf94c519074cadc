import { Redis } from "ioredis";

const PATIENCE_MS = 3000;

/** Why the Redis of this address carries no news, in a sentence without its password; null where it does. */
export async function redisFault(url: string, prefix: string): Promise<string | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  });
  // Told by what is asked as well, but where nobody listens it would be printed.
  const failures: string[] = [];
  redis.on("error", ({ message }: Error) => failures.push(message));
  try {
    await redis.connect();
    await redis.spublish(`${prefix}:doctor`, "");
    return null;
  } catch (error) {
    const why = failures[0] ?? (error instanceof Error ? error.message : String(error));
    return `The Redis of REDIS_URL carries no news (${why.replaceAll(/\s+/g, " ")}): check its address, name and password, and that it is Redis 7 or newer. Servers work without it, and ask the database instead.`;
  } finally {
    redis.disconnect();
  }
}
