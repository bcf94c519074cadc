import { joinNodes } from "../cluster/join.ts";
import type { Config } from "../config.ts";
import { memoryWindows } from "../identity/failure-windows.ts";
import type { Log } from "../observe/log.ts";
import type { FailureWindows } from "../ports/throttle.ts";
import type { Membership } from "../wiring.ts";
import type { Database } from "./database.ts";

/** Joins those who serve this database too, where others can. Throws StartError with one sentence where they do not fit together. */
export async function membershipOf(
  config: Config,
  { store, isShared }: Database,
  secret: string,
  log: Log,
): Promise<{ readonly membership?: Membership }> {
  if (!isShared) return {};
  const troubled = (what: string, error: unknown) => log.warn({ err: error }, what);
  const alive = await joinNodes({
    store: store.nodes,
    secret,
    isSecretSet: config.JWT_SECRET !== undefined,
    hasRedis: config.REDIS_URL !== undefined,
    pollOnly: config.POLL_ONLY === "on",
    troubled,
  });
  if (config.REDIS_URL === undefined) {
    const { noBus } = await import("../bus/none.ts");
    return { membership: { alive, openBus: noBus, hasBus: false } };
  }
  const { redisBus } = await import("../bus/redis.ts");
  const { REDIS_URL: url, REDIS_PREFIX: prefix, BUS_HEARTBEAT_MS: heartbeatMs } = config;
  return { membership: { alive, openBus: redisBus({ url, prefix, heartbeatMs, troubled }), hasBus: true } };
}

/** Where wrong passwords are counted: with other servers, where there can be any that share a Redis. */
export async function windowsOf(
  config: Config,
  { clock, isShared }: Database,
  log: Log,
): Promise<FailureWindows> {
  const own = memoryWindows(config.LOGIN_FAILURES_COUNTED_MAX, clock);
  if (!isShared || config.REDIS_URL === undefined) return own;
  const { redisWindows } = await import("../bus/redis-windows.ts");
  const troubled = (what: string, error: unknown) => log.warn({ err: error }, what);
  return redisWindows({ url: config.REDIS_URL, prefix: config.REDIS_PREFIX, own, troubled });
}
