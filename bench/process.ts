import { join } from "node:path";
import type { Subprocess } from "bun";
import { pinned } from "./machine.ts";

export const ROOT = join(import.meta.dir, "..");
export const BUN = join(ROOT, "node_modules", ".bin", "bun");

/** A process that serves. */
export interface Served {
  readonly pid: number;
  readonly url: string;
  /** Ends it by SIGTERM, or by SIGKILL. */
  stop(signal?: "SIGKILL"): Promise<void>;
}

/** Starts a server on the server's core; resolves once it prints where it serves, rejects where it ends before. */
export async function startProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  const child = spawnPinned(command, env);
  const url = await urlOf(child);
  if (url === null) throw new Error(`${command.join(" ")} did not start: ${await child.stderr.text()}`);
  return {
    pid: child.pid,
    url,
    stop: async (signal) => {
      child.kill(signal ?? "SIGTERM");
      await child.exited;
    },
  };
}

type Child = Subprocess<"ignore", "pipe", "pipe">;

/** Starts a process on the server's core, with this environment and nothing of our own but PATH. */
export function spawnPinned(command: readonly string[], env: Readonly<Record<string, string>>): Child {
  const { PATH = "", HOME = "" } = process.env;
  return Bun.spawn(pinned("server", command), {
    cwd: ROOT,
    env: { PATH, HOME, HOST: "127.0.0.1", PORT: "0", NODE_ENV: "production", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function urlOf(child: Child): Promise<string | null> {
  let said = "";
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    said += decoder.decode(part.value, { stream: true });
    const port = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(said)?.[1];
    if (port === undefined) continue;
    reader.releaseLock();
    return `http://127.0.0.1:${port}`;
  }
  return null;
}
