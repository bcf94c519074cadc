import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { freePort } from "./ports.ts";

type Process = Subprocess<"ignore", "pipe", "ignore">;

/** A busy machine gets this long for a service to be ready, in ms. */
const READY_MS = 60_000;
/** Lines of output that are kept for whoever must know why it did not start. */
const KEPT = 40;

interface ServiceParts {
  readonly name: string;
  readonly program: string;
  /** What it is started with, given its port and its folder. */
  readonly args: (port: number, folder: string) => readonly string[];
  /** What a line of its output says once it can be used. */
  readonly ready: RegExp;
}

/** A program of somebody else's, on a free loopback port and in a temporary folder of its own, over several lives. */
export class Service {
  readonly folder: string;
  readonly port: number;
  readonly #parts: ServiceParts;
  #child: Process | null = null;
  #said: string[] = [];

  constructor(parts: ServiceParts, port = freePort()) {
    this.#parts = parts;
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), `rollcall-${parts.name}-`));
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The last lines of its output. */
  get said(): string {
    return this.#said.join("\n");
  }

  get pid(): number {
    if (!this.#child) throw new Error(`no ${this.#parts.name} runs`);
    return this.#child.pid;
  }

  /** Starts the program, on the same port and folder as before; resolves once it can be used. */
  async start(): Promise<void> {
    const { program, args } = this.#parts;
    const command = [...underParent(), program, ...args(this.port, this.folder)];
    const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    this.#child = child;
    await this.#ready(child);
  }

  async #ready(child: Process): Promise<void> {
    const { name, ready } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`${name} was not ready`)), READY_MS);
    void eachLine(child.stdout, (line) => {
      this.#said = [...this.#said, line].slice(-KEPT);
      if (ready.test(line)) resolve();
    }).finally(() => reject(new Error(`${name} did not start:\n${this.said}`)));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** SIGSTOP leaves it hanging, SIGCONT lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(signal);
  }

  /** The power cut: nothing of it runs after this resolves. */
  async kill9(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
    await child?.exited;
  }

  /** Kills it and removes its folder. */
  async remove(): Promise<void> {
    await this.kill9();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where the machine can do it, the program dies with the tests, however they end. */
function underParent(): string[] {
  const setpriv = process.platform === "linux" ? Bun.which("setpriv") : null;
  return setpriv ? [setpriv, "--pdeathsig", "KILL", "--"] : [];
}

async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
}
