import { existsSync } from "node:fs";
import { join } from "node:path";

const script = join(import.meta.dir, "..", "..", "scripts", "services.mjs");

type Program = "livekit-server" | "mongod" | "nginx" | "redis-server" | "turnserver";

/** Where a service's program is, got where it is missing. Throws with a sentence where it cannot be had. */
export function programOf(service: Program): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["node", script, service]);
  const path = stdout.toString().trim();
  if (exitCode === 0 && existsSync(path)) return path;
  throw new Error(`${service} is missing: run node scripts/services.mjs\n${stderr}`);
}
