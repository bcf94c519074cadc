import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { SealedBatch } from "../../src/core/batch.ts";
import { createPasswords } from "../../src/identity/passwords.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { createLog } from "../../src/observe/log.ts";
import { systemClock as clock } from "../../src/ports/clock.ts";
import type { Store } from "../../src/ports/store.ts";
import { serve } from "../../src/runtime/bun.ts";
import { startServer } from "../../src/server.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { accessOf } from "../identity/access.ts";

/** How long what was acknowledged already stays unwritten, in ms: a kill in a storm always falls into it. */
const LATE_MS = 50;

/** A store that says ok at once and writes later, in order; whoever else reads or writes sessions waits for it. */
function acknowledgingEarly(store: Store): Store {
  const { sessions, records } = store;
  const unwritten: (readonly SealedBatch[])[] = [];
  const writeUpTo = (last: readonly SealedBatch[] | undefined) => {
    if (!last || !unwritten.includes(last)) return;
    for (let batches = unwritten.shift(); batches; batches = unwritten.shift()) {
      sessions.append(batches);
      if (batches === last) return;
    }
  };
  const after =
    <Args extends unknown[], T>(work: (...args: Args) => T) =>
    (...args: Args): T => {
      writeUpTo(unwritten.at(-1));
      return work(...args);
    };
  return {
    ...store,
    sessions: {
      append: (batches) => {
        unwritten.push(batches);
        setTimeout(() => writeUpTo(batches), LATE_MS);
        return batches.map(async () => "ok" as const);
      },
      start: after(sessions.start),
      read: after(sessions.read),
      head: after(sessions.head),
      // Asked before every command of rollcall.v1, so that it would leave nothing unwritten.
      commandsOf: sessions.commandsOf,
      runningOf: after(sessions.runningOf),
      running: after(sessions.running),
      runningIn: after(sessions.runningIn),
      grown: after(sessions.grown),
      unprojected: after(sessions.unprojected),
      page: after(sessions.page),
      held: after(sessions.held),
      pageByStart: after(sessions.pageByStart),
      remove: after(sessions.remove),
    },
    records: { ...records, project: after(records.project) },
    close: after(store.close),
  };
}

/** The server as main.ts wires it, on a store that breaks the one promise: the suite must notice. */
const config = readConfig(process.env);
const store = acknowledgingEarly(openSqliteStore(join(config.ROLLCALL_DATA, "rollcall.db")));
const { port } = await startServer({
  config,
  clock,
  store,
  ...accessOf({ store, clock }),
  passwords: createPasswords({ atOnce: 1, waiting: 1 }),
  tokens: createTokens({ secret: config.JWT_SECRET ?? "", lifetimeMs: config.TOKEN_LIFETIME_MS, clock }),
  log: await createLog(config.LOG_LEVEL),
  listen: serve,
});
console.log(`The control server serves: http://127.0.0.1:${port}`);
