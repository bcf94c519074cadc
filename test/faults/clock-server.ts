import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { Role } from "../../src/core/people.ts";
import { createPasswords } from "../../src/identity/passwords.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { createLog } from "../../src/observe/log.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Tokens } from "../../src/ports/identity.ts";
import type { Store } from "../../src/ports/store.ts";
import { serve } from "../../src/runtime/bun.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { accessOf } from "../identity/access.ts";
import { buildSchool, databaseIn, type SchoolSize, type StormClass } from "./storm-school.ts";

export const DAY_MS = 86_400_000;
const secret = "the secret of servers whose clock jumps, which nobody guards";

/** A server in this process, on a real database, whose clock jumps where it is told to. */
export class ClockServer {
  #offset = 0;
  #running: RunningServer | null = null;
  #tokens: Tokens | null = null;
  readonly clock: Clock = { now: () => Date.now() + this.#offset };

  private constructor(
    private readonly dataDir: string,
    readonly classes: readonly StormClass[],
  ) {}

  static async start(size: SchoolSize): Promise<ClockServer> {
    const dataDir = mkdtempSync(join(tmpdir(), "rollcall-clock-"));
    const server = new ClockServer(dataDir, await buildSchool(dataDir, secret, size));
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#running?.port}`;
  }

  /** The clock goes on from there, earlier or later. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  /** Another life on the same data, with the clock as it is. */
  async restart(): Promise<void> {
    await this.#running?.stop();
    await this.start();
  }

  async end(): Promise<void> {
    await this.#running?.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** A token as a login would give it now. */
  async token(userId: UserId, role: Role): Promise<string> {
    return (await this.#tokens?.issue({ id: userId, role, tokensFrom: 0 })) ?? "";
  }

  /** Asks the database itself, beside the server. */
  get database(): string {
    return databaseIn(this.dataDir);
  }

  async start(): Promise<void> {
    const { dataDir: ROLLCALL_DATA, clock } = this;
    const env = { ROLLCALL_DATA, PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", JWT_SECRET: secret };
    const config = readConfig(env);
    const store: Store = openSqliteStore(this.database, { clock });
    this.#tokens = createTokens({ secret, lifetimeMs: config.TOKEN_LIFETIME_MS, clock });
    this.#running = await startServer({
      config,
      clock,
      store,
      ...accessOf({ store, clock }),
      passwords: createPasswords({ atOnce: 1, waiting: 1 }),
      tokens: this.#tokens,
      log: await createLog(config.LOG_LEVEL),
      listen: serve,
    });
  }
}
