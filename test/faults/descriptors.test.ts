import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { planOf } from "./attacks.ts";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { Swarm } from "./swarm.ts";

setDefaultTimeout(60_000);
const FILES_MAX = 100;
const siege = await besiege({ classes: 1, students: 3, spare: 0 });
afterAll(() => siege.end());
const { server } = siege;
const neighbours = await Neighbours.seat(siege, classOf(siege, 0), 3);

/** From now on the process may have no more files and sockets open than this (Linux, util-linux). */
function limitFiles(pid: number, most: number): void {
  const { exitCode, stderr } = Bun.spawnSync(["prlimit", `--pid=${pid}`, `--nofile=${most}:${most}`]);
  if (exitCode !== 0) throw new Error(`prlimit: ${stderr}`);
}

test("W32 with no file descriptor left those who are in are served, marks are kept, and others come in once there is room", async () => {
  limitFiles(server.pid, FILES_MAX);
  const swarm = await Swarm.gather(planOf("idle", { url: server.url, tokens: [] }, 3 * FILES_MAX));
  const full = () => readdirSync(`/proc/${server.pid}/fd`).length === FILES_MAX;
  while (!full()) await neighbours.areServed();
  for (let mark = 0; mark < 20; mark++) await neighbours.areServed();
  expect(full()).toBe(true);
  swarm.end();
  const answer = await server.ask("GET", "/me", classOf(siege, 0).teacher.token);
  expect(answer?.status).toBe(200);
  await neighbours.areServed();
  expect(server.complaints()).toBe("");
});
