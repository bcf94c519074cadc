import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import type { Failures } from "../core/throttle.ts";
import type { FailureWindows } from "../ports/throttle.ts";

interface Options {
  readonly url: string;
  readonly prefix: string;
  /** What this server itself has seen: it counts as well, and alone while Redis does not answer. */
  readonly own: FailureWindows;
  readonly troubled: (what: string, error: unknown) => void;
}

/** A login does not wait longer than this for what other servers have seen. */
const ANSWER_MS = 250;

/** Failures counted by all servers together; a server that is cut off from Redis goes by its own. */
export function redisWindows({ url, prefix, own, troubled }: Options): FailureWindows {
  const redis = new Redis(url, {
    connectionName: "rollcall windows",
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
    retryStrategy: (times) => Math.min(1000, 50 * times),
  });
  redis.on("error", () => "the bus says it");
  // Keys hold addresses and accounts, which are nobody's to read there.
  const named = (key: string) => `${prefix}:failures/${createHash("sha256").update(key).digest("hex")}`;
  const trying = async <T>(ask: () => Promise<T>): Promise<T | null> => {
    try {
      return redis.status === "ready" ? await ask() : null;
    } catch (error) {
      troubled("failed logins could not be counted together with other servers", error);
      return null;
    }
  };
  return {
    async of(key) {
      const [here, fields] = await Promise.all([own.of(key), trying(() => redis.hgetall(named(key)))]);
      return later(here, failuresIn(fields));
    },
    async add(key, at, keepMs) {
      const name = named(key);
      const count = () =>
        redis.multi().hincrby(name, "count", 1).hset(name, "lastAt", at).pexpire(name, keepMs).exec();
      await Promise.all([own.add(key, at, keepMs), trying(count)]);
    },
    async forget(key) {
      await Promise.all([own.forget(key), trying(() => redis.del(named(key)))]);
    },
  };
}

function failuresIn(fields: Record<string, string> | null): Failures | null {
  const [count, lastAt] = [Number(fields?.count), Number(fields?.lastAt)];
  return count > 0 && Number.isFinite(lastAt) ? { count, lastAt } : null;
}

const later = (one: Failures | null, other: Failures | null): Failures | null =>
  one && other
    ? { count: Math.max(one.count, other.count), lastAt: Math.max(one.lastAt, other.lastAt) }
    : (one ?? other);
