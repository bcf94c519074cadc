import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { z } from "zod";
import { SETTINGS } from "../../src/config.ts";
import { lesson, seat } from "../e2e/lesson.ts";
import { recordOf } from "../e2e/people.ts";
import { marked, PlainClient } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { freePort } from "../services/ports.ts";
import { programOf } from "../services/program.ts";
import { textOf } from "./files.ts";
import { startNames } from "./names.ts";

setDefaultTimeout(120_000);
const folder = mkdtempSync(join(tmpdir(), "rollcall-nginx-"));
const file = (name: string) => join(folder, name);
const port = freePort();
/** Nobody listens at the one address: a server that has gone, and was not noticed yet. */
const names = await startNames(["127.0.0.3", "127.0.0.1"]);
let server: TestServer;
let nginx: Subprocess | undefined;

beforeAll(async () => {
  server = await startServer();
  writeFileSync(file("nginx.conf"), configuration(new URL(server.url).port));
  const args = [programOf("nginx"), "-p", folder, "-c", file("nginx.conf"), "-e", file("start.log")];
  const tried = Bun.spawnSync([...args, "-t"]);
  expect(tried.stderr.toString()).toContain("test is successful");
  nginx = Bun.spawn([...args, "-g", "daemon off;"]);
  server.url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${server.url}/health`).then(
      () => true,
      () => false,
    ))
  )
    await Bun.sleep(20);
});
afterAll(async () => {
  await ended(nginx);
  names.stop();
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** The configuration as it is, at addresses of this machine. */
function configuration(serverPort: string): string {
  const places: readonly [string, string][] = [
    ["/tmp/", `${folder}/`],
    ["127.0.0.11", `127.0.0.1:${names.port}`],
    ["listen 8080;", `listen 127.0.0.1:${port};`],
    ["server:3000", `server:${serverPort}`],
    ["/dev/stdout", file("access.log")],
    ["/dev/stderr", file("error.log")],
  ];
  return places.reduce((text, [theirs, ours]) => {
    expect(text).toContain(theirs);
    return text.replaceAll(theirs, ours);
  }, textOf("deploy/nginx/nginx.conf"));
}

test("DP7 a lesson is held through nginx, also while it knows a server that has gone", async () => {
  const physics = await lesson(server, 3);
  for (let n = 0; n < 3; n++) {
    const { id } = seat(physics, n).person;
    physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
    for (const socket of [physics.desk, ...physics.seats])
      expect(await socket.next()).toEqual(marked(id, "present"));
  }
  physics.desk.send("DONE");
  await physics.desk.until("DONE");
  expect(await recordOf(server, seat(physics, 0).person, physics.classId)).toBe("present");
});

test("DP7 nginx logs no query, whether a server answers or none does", async () => {
  const secret = `secret-${crypto.randomUUID()}`;
  const ask = async (path: string) => (await fetch(`${server.url}${path}?token=${secret}`)).status;
  const refused = await PlainClient.open(`${server.wsUrl}?token=${secret}`);
  await refused.closed();
  expect(await ask("/health")).toBe(200);
  await server.stop();
  expect(await ask("/health")).toBe(502);
  await PlainClient.open(`${server.wsUrl}?token=${secret}`);
  await ended(nginx);
  const log = readFileSync(file("access.log"), "utf8");
  const line = z.object({ path: z.string(), status: z.number() });
  const lines = log
    .trim()
    .split("\n")
    .map((text) => line.parse(JSON.parse(text)));
  const seen = lines.map(({ path, status }) => `${path} ${status}`);
  for (const one of ["/ws 101", "/health 200", "/health 502", "/ws 502"]) expect(seen).toContain(one);
  expect(log).not.toContain(secret);
  expect(readFileSync(file("error.log"), "utf8")).not.toContain(secret);
});

async function ended(process: Subprocess | undefined): Promise<void> {
  process?.kill("SIGQUIT");
  await process?.exited;
}

test("DP7 nginx holds a silent socket for longer than the server does", () => {
  const timeouts = [...textOf("deploy/nginx/nginx.conf").matchAll(/proxy_(?:read|send)_timeout (\d+)s;/g)];
  expect(timeouts).toHaveLength(2);
  const pingAfter = SETTINGS.PING_AFTER_MS.schema.parse(undefined) / 1000;
  for (const [, seconds] of timeouts) expect(Number(seconds)).toBeGreaterThan(2 * pingAfter);
});
