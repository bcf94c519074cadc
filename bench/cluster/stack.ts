import { join } from "node:path";
import { moveStore } from "../../src/move/index.ts";
import { systemClock as clock } from "../../src/ports/clock.ts";
import { openMongoStore } from "../../src/store/mongo/index.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { startMongo, type TestMongo } from "../../test/services/mongo.ts";
import { startRedis, type TestRedis } from "../../test/services/redis.ts";
import { freeOfCores } from "../machine.ts";
import { type Served, startProcess } from "../process.ts";
import { type School, SECRET } from "../school.ts";
import { OURS } from "../systems.ts";

/** What nodes share: a MongoDB and a Redis, processes of their own that no core is kept for. */
export class Stack {
  #databases = 0;

  private constructor(
    readonly mongo: TestMongo,
    readonly redis: TestRedis,
  ) {}

  /** A replica set of three members, or for a look of one. */
  static async start(members: 1 | 3): Promise<Stack> {
    const [mongo, redis] = await Promise.all([startMongo({ members, electionMs: 10_000 }), startRedis()]);
    for (const { pid } of [...mongo.members, redis.service]) freeOfCores(pid);
    return new Stack(mongo, redis);
  }

  /** The URL of a new database. */
  fresh(): string {
    return this.mongo.uri.replace(/\/(?:\?|$)/, `/bench${++this.#databases}?`);
  }

  /** A new database that holds the school. */
  async hold({ folder }: School): Promise<string> {
    const uri = this.fresh();
    const source = openSqliteReader(join(folder, "rollcall.db"));
    const target = await openMongoStore({ uri, database: null, timeoutMs: 30_000, connectionsMax: 50 });
    await moveStore({ source, target, from: folder, clock, tell: () => undefined });
    await Promise.all([source.close(), target.close()]);
    return uri;
  }

  /** Servers over the database, so many; one of them alone has no need of Redis. */
  async serve(uri: string, count: number): Promise<Served[]> {
    const env = { MONGO_URI: uri, JWT_SECRET: SECRET, ...(count > 1 && { REDIS_URL: this.redis.url }) };
    const nodes: Served[] = [];
    // One after the other: each looks who else is there.
    while (nodes.length < count) nodes.push(await startProcess(OURS, env));
    return nodes;
  }

  async end(): Promise<void> {
    await Promise.all([this.mongo.remove(), this.redis.remove()]);
  }
}
