import { createMemoryBus } from "../../src/bus/memory.ts";
import { noBus } from "../../src/bus/none.ts";
import { joinNodes } from "../../src/cluster/join.ts";
import { readConfig } from "../../src/config.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { createLog } from "../../src/observe/log.ts";
import type { OpenBus } from "../../src/ports/bus.ts";
import type { Calls } from "../../src/ports/calls.ts";
import { systemClock } from "../../src/ports/clock.ts";
import type { Passwords } from "../../src/ports/identity.ts";
import type { Store } from "../../src/ports/store.ts";
import { serve } from "../../src/runtime/bun.ts";
import { startServer } from "../../src/server.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import type { Reachable } from "../e2e/server.ts";
import { accessOf } from "../identity/access.ts";
import { slowStore } from "./slow-store.ts";

/** Hashing is none of what these tests are about, and there are many people in them. */
const passwords: Passwords = {
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
  isOutdated: () => false,
  isCommon: () => false,
};

const secret = "the secret of servers that are tested together, which nobody guards";

interface Setup {
  readonly count?: number;
  readonly openBus?: OpenBus;
  /** Up to how long the store takes for anything, in ms. */
  readonly slowMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly store?: Store;
  /** What carries the media of large rooms, for all of them. */
  readonly calls?: Calls;
}

export interface TestNode extends Reachable {
  /** How many other nodes it knows of. */
  readonly others: () => number;
  readonly stop: () => Promise<void>;
}

/** Several real servers in this process over one store and one bus. */
export class TestNodes {
  readonly store: Store;
  readonly nodes: TestNode[] = [];
  readonly openBus: OpenBus;

  private constructor(private readonly setup: Setup) {
    this.store = setup.store ?? createMemoryStore();
    this.openBus = setup.openBus ?? createMemoryBus();
  }

  static async start(setup: Setup = {}): Promise<TestNodes> {
    const nodes = new TestNodes(setup);
    for (let count = 0; count < (setup.count ?? 3); count++) await nodes.add();
    return nodes;
  }

  /** One more server, over a store or by a bus of its own. */
  async add(kept = this.store, openBus = this.openBus): Promise<TestNode> {
    const store = slowStore(kept, this.setup.slowMs ?? 2);
    const env = { PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", JWT_SECRET: secret, ...this.setup.env };
    const config = readConfig(env);
    const log = await createLog(config.LOG_LEVEL);
    const hasRedis = openBus !== noBus;
    const alive = await joinNodes({
      store: store.nodes,
      secret,
      isSecretSet: true,
      hasRedis,
      pollOnly: !hasRedis,
      troubled: (what, error) => log.error({ err: error }, what),
    });
    const clock = systemClock;
    const server = await startServer({
      config,
      clock,
      store,
      ...accessOf({ store, clock }),
      passwords,
      tokens: createTokens({ secret, lifetimeMs: config.TOKEN_LIFETIME_MS, clock }),
      log,
      listen: serve,
      calls: this.setup.calls ?? null,
      membership: { alive, openBus, hasBus: hasRedis },
    });
    const url = `http://127.0.0.1:${server.port}`;
    const others = () => alive.others.length;
    const node = { url, others, wsUrl: `${url.replace("http", "ws")}/ws`, stop: () => server.stop() };
    this.nodes.push(node);
    return node;
  }

  /** The nth server. */
  node(n: number): TestNode {
    const found = this.nodes[n];
    if (!found) throw new Error(`there is no node ${n}`);
    return found;
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}
