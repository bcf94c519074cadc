import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Subprocess } from "bun";

const root = join(import.meta.dir, "..", "..");
const bun = join(root, "node_modules", ".bin", "bun");

/** A slow machine that is also compiling gets this long to serve, in ms. */
const startDeadline = 60_000;

/** Where a server is reached. */
export interface Reachable {
  readonly url: string;
  readonly wsUrl: string;
}

type Process = Subprocess<"ignore", "pipe", "pipe">;

/** A real server process on a free port with a folder of its own; what it writes is collected over all its lives. */
export class TestServer {
  readonly dataDir = mkdtempSync(join(tmpdir(), "rollcall-e2e-"));
  url = "";
  private child: Process | undefined;
  private out = "";
  private err = "";

  constructor(private readonly env: Record<string, string>) {}

  get wsUrl(): string {
    return `${this.url.replace("http", "ws")}/ws`;
  }

  /** Everything written to stdout so far. */
  stdout(): string {
    return this.out;
  }

  /** Everything written to stderr so far. */
  stderr(): string {
    return this.err;
  }

  /** Starts the process, on the same folder as before if it ran before, and returns once /health says 200. */
  async start(): Promise<this> {
    const child = this.spawn();
    const printedBefore = this.out.length;
    this.collect(child);
    const address = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/;
    await this.wait(child, "print its URL", async () => {
      const port = address.exec(this.out.slice(printedBefore))?.[1];
      if (port) this.url = `http://127.0.0.1:${port}`;
      return port !== undefined;
    });
    await this.wait(child, "be healthy", () => isHealthy(this.url));
    return this;
  }

  /** Sends the signal and gives the exit code, once the process is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const child = this.child;
    if (!child) return null;
    child.kill(signal);
    await child.exited;
    this.child = undefined;
    return child.exitCode;
  }

  /** The power cut: nothing of the process runs after this returns. */
  async kill9(): Promise<void> {
    await this.stop("SIGKILL");
  }

  /** Another life on the same folder; a process still running is stopped first. */
  async restart(): Promise<this> {
    await this.stop();
    return this.start();
  }

  /** The end of the test: neither process nor folder is left. */
  async dispose(): Promise<void> {
    await this.kill9();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Where the tests are run for it (test/e2e/mongo.test.ts), a database of its own instead of the folder. */
  private mongo(): Record<string, string> {
    const { E2E_MONGO_URI } = process.env;
    return E2E_MONGO_URI ? { MONGO_URI: E2E_MONGO_URI, DB_NAME: basename(this.dataDir) } : {};
  }

  private spawn(): Process {
    const { PATH = "", HOME = "" } = process.env;
    const fixed = { PATH, HOME, PORT: "0", HOST: "127.0.0.1", ROLLCALL_DATA: this.dataDir, ...this.mongo() };
    this.child = Bun.spawn([bun, "src/main.ts", "serve"], {
      cwd: root,
      env: { ...fixed, ...this.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    return this.child;
  }

  private collect(child: Process): void {
    void eachChunk(child.stdout, (text) => {
      this.out += text;
    });
    void eachChunk(child.stderr, (text) => {
      this.err += text;
    });
  }

  private async wait(child: Process, what: string, done: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + startDeadline;
    while (!(await done())) {
      const over = child.exitCode !== null || child.signalCode !== null;
      if (over || Date.now() > deadline) {
        throw new Error(`the server did not ${what} (exit ${child.exitCode})\n${this.out}\n${this.err}`);
      }
      await Bun.sleep(20);
    }
  }
}

/** A server that serves: settings beyond port, host and folder come from `env`. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const server = new TestServer(env);
  try {
    return await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

async function eachChunk(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
