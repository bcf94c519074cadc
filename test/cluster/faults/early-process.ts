import { mkdirSync } from "node:fs";
import { redisBus } from "../../../src/bus/redis.ts";
import { joinNodes } from "../../../src/cluster/join.ts";
import { mongoOf } from "../../../src/config/mongo.ts";
import { readConfig } from "../../../src/config.ts";
import { createPasswords } from "../../../src/identity/passwords.ts";
import { createTokens } from "../../../src/identity/tokens.ts";
import { createLog } from "../../../src/observe/log.ts";
import type { Store } from "../../../src/ports/store.ts";
import { serve } from "../../../src/runtime/bun.ts";
import { startServer } from "../../../src/server.ts";
import { openMongoStore } from "../../../src/store/mongo/index.ts";
import { accessOf } from "../../identity/access.ts";

/** How long before a majority has it something is acknowledged, in ms: a kill always falls into it. */
const EARLY_MS = 60;

/** A store that says ok before the majority write: the one promise that the harness must see broken. */
const acknowledgingEarly = (store: Store): Store => ({
  ...store,
  sessions: {
    ...store.sessions,
    append(batches) {
      setTimeout(() => {
        for (const outcome of store.sessions.append(batches)) outcome.catch(() => undefined);
      }, EARLY_MS);
      return batches.map(async () => "ok" as const);
    },
  },
});

const config = readConfig(process.env);
const options = mongoOf(config);
if (!options || config.REDIS_URL === undefined || config.JWT_SECRET === undefined)
  throw new Error("MONGO_URI, REDIS_URL and JWT_SECRET must be set");
mkdirSync(config.ROLLCALL_DATA, { recursive: true });
const mongo = await openMongoStore(options);
const { clock } = mongo;
const store = acknowledgingEarly(mongo);
const troubled = () => undefined;
const { JWT_SECRET: secret, REDIS_URL: url } = config;
const alive = await joinNodes({
  store: store.nodes,
  secret,
  isSecretSet: true,
  hasRedis: true,
  pollOnly: false,
  troubled,
});
const { port } = await startServer({
  config,
  clock,
  store,
  ...accessOf({ store, clock }),
  passwords: createPasswords({ atOnce: 1, waiting: 1 }),
  tokens: createTokens({ secret, lifetimeMs: config.TOKEN_LIFETIME_MS, clock }),
  log: await createLog("silent"),
  listen: serve,
  membership: {
    alive,
    openBus: redisBus({ url, prefix: config.REDIS_PREFIX, heartbeatMs: config.BUS_HEARTBEAT_MS, troubled }),
    hasBus: true,
  },
});
console.log(`The early server serves: http://127.0.0.1:${port}`);
