import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../src/ports/store.ts";
import { openMongoStore } from "../../../src/store/mongo/index.ts";
import { ServerProcess } from "../../faults/server-process.ts";
import { startMongo, type TestMongo } from "../../services/mongo.ts";
import { startRedis, type TestRedis } from "../../services/redis.ts";
import { type RedisManners, RedisProxy } from "./redis-proxy.ts";

export const secret = "the secret of the servers of the fleet, which nobody guards";
const NODES = 3;
const MAIN = "src/main.ts";

/** What a fleet is run with, beside the product's own. */
interface FleetOptions {
  /** The servers' script. */
  readonly script?: string;
}

/** Three server processes over three mongod and one Redis, all of them real, all on loopback. */
export class Fleet {
  readonly database = `rollcall-${crypto.randomUUID().slice(0, 8)}`;

  private constructor(
    readonly mongo: TestMongo,
    readonly redis: TestRedis,
    /** The first server's way to Redis, and that of the others. */
    readonly proxies: readonly [RedisProxy, RedisProxy],
    /** Reads and fills the database beside the servers. */
    readonly store: Store,
    database: string,
    readonly nodes: ServerProcess[],
    private readonly script: string,
  ) {
    this.database = database;
  }

  /** Starts everything but the servers. */
  static async begin({ script = MAIN }: FleetOptions = {}): Promise<Fleet> {
    const database = `rollcall-${crypto.randomUUID().slice(0, 8)}`;
    const [mongo, redis] = await Promise.all([startMongo({ members: 3 }), startRedis()]);
    const proxies = [
      await RedisProxy.to(redis.service.port),
      await RedisProxy.to(redis.service.port),
    ] as const;
    const options = { uri: mongo.uri, database, timeoutMs: 10_000, connectionsMax: 10 };
    const store = await openMongoStore(options);
    const fleet = new Fleet(mongo, redis, proxies, store, database, [], script);
    for (let count = 0; count < NODES; count++) fleet.nodes.push(fleet.node(script, count));
    return fleet;
  }

  /** How Redis answers every server from now on. */
  behave(manners: Partial<RedisManners> = {}): void {
    for (const proxy of this.proxies) proxy.behave(manners);
  }

  /** A server of this script that is not started. */
  node(script = this.script, place = NODES): ServerProcess {
    return new ServerProcess({
      script,
      dataDir: mkdtempSync(join(tmpdir(), "rollcall-fleet-")),
      env: {
        MONGO_URI: this.mongo.uri,
        DB_NAME: this.database,
        MONGO_TIMEOUT_MS: "3000",
        REDIS_URL: this.proxies[place === 0 ? 0 : 1].url,
        JWT_SECRET: secret,
        LOG_LEVEL: "error",
      },
    });
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  /** The servers that are there to be connected to. */
  get urls(): string[] {
    return this.nodes.flatMap(({ url }) => (url === "" ? [] : url));
  }

  /** The nth server. */
  at(n: number): ServerProcess {
    const found = this.nodes[n % this.nodes.length];
    if (!found) throw new Error("a fleet without servers");
    return found;
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
    await this.store.close();
    for (const proxy of this.proxies) proxy.close();
    await Promise.all([this.mongo.remove(), this.redis.remove()]);
  }
}
