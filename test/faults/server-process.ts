import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { z } from "zod";

const root = join(import.meta.dir, "..", "..");
const bun = join(root, "node_modules", ".bin", "bun");

/** A slow machine that is also compiling gets this long to serve, in ms. */
const START_MS = 60_000;

type Process = Subprocess<"ignore", "pipe", "pipe">;

export interface ServerOptions {
  /** What is run, from the project's root. */
  readonly script: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What an HTTP request came to; `data` is the answer's, undefined where it is an error. */
export interface HttpAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** A server of any script, made to be killed: each life on the same folder, a free port each time. */
export class ServerProcess {
  url = "";
  #child: Process | null = null;
  #complaints = "";

  constructor(private readonly options: ServerOptions) {}

  get dataDir(): string {
    return this.options.dataDir;
  }

  /** The process that runs now. */
  get pid(): number {
    if (!this.#child) throw new Error("no server runs");
    return this.#child.pid;
  }

  /** Sends the process a signal and lets it be. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** The exit code of the process, once it has ended; null where a signal ended it. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    await child?.exited;
    if (this.#child === child) this.#child = null;
    return child?.exitCode ?? null;
  }

  /** A socket's address for the holder of the token. */
  socketUrl(token: string): string {
    return `${this.url.replace("http", "ws")}/ws?token=${token}`;
  }

  /** What the process said on stderr since this was last asked. */
  complaints(): string {
    const said = this.#complaints;
    this.#complaints = "";
    return said;
  }

  /** Starts the process; resolves once it says where it serves, rejects where it ends before. */
  async start(): Promise<void> {
    const child = this.#spawn();
    void eachChunk(child.stderr, (text) => {
      this.#complaints += text;
    });
    const port = await within(START_MS, portOf(child.stdout));
    if (port === null) {
      await child.exited;
      throw new Error(`the server did not start: ${this.#complaints}`);
    }
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts the process and kills it `ms` later, wherever its start is then. */
  async startAndKill(ms: number): Promise<void> {
    const child = this.#spawn();
    void eachChunk(child.stderr, (text) => {
      this.#complaints += text;
    });
    await Bun.sleep(ms);
    await this.kill9();
  }

  /** The power cut: nothing of the process runs after this resolves. */
  async kill9(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
    await child?.exited;
  }

  /** Kills the process and removes its folder. */
  async remove(): Promise<void> {
    await this.kill9();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** One request; null where the server died over it. */
  async ask(method: string, path: string, token: string, body?: object): Promise<HttpAnswer | null> {
    try {
      const response = await fetch(this.url + path, {
        method,
        headers: { authorization: token, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, data: answerSchema.parse(await response.json()).data };
    } catch (error) {
      if (error instanceof z.ZodError) throw error;
      return null;
    }
  }

  #spawn(): Process {
    const { PATH = "", HOME = "" } = process.env;
    const { script, dataDir, env } = this.options;
    const fixed = { PATH, HOME, PORT: "0", HOST: "127.0.0.1", ROLLCALL_DATA: dataDir, LOG_LEVEL: "warn" };
    this.#child = Bun.spawn([bun, script], {
      cwd: root,
      env: { ...fixed, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    return this.#child;
  }
}

const answerSchema = z.object({ success: z.boolean(), data: z.unknown().optional() });

/** The port of the address that is printed, null where the stream ends without one. Reads on to the end. */
function portOf(stdout: ReadableStream<Uint8Array>): Promise<string | null> {
  return new Promise((resolve) => {
    let out = "";
    const read = eachChunk(stdout, (text) => {
      out += text;
      const port = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(out)?.[1];
      if (port) resolve(port);
    });
    read.finally(() => resolve(null));
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the server printed no address")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function eachChunk(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}
