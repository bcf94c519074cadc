import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startServer, type TestServer } from "../e2e/server.ts";

const root = join(import.meta.dir, "..", "..");
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

/** The block of README that a reader copies into a terminal. */
function firstSession(): string {
  const [, block] = /^```bash\n(.*?)^```$/ms.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  if (!block) throw new Error("README.md has no bash block");
  return block;
}

test("O35 the first session of README runs as it stands and ends with the mark", async () => {
  const shell = Bun.spawn(["bash", "-eo", "pipefail", "-c", firstSession()], {
    cwd: root,
    env: { ...process.env, URL: server.url },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([shell.stdout.text(), shell.stderr.text(), shell.exited]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain('{"event":"ATTENDANCE_MARKED","data":{"studentId":"');
  expect(out).toContain('"message":"Attendance persisted","present":1,"absent":0,"total":1}');
  expect(out).toMatch(/"status":"present"\}\}\s*$/);
});
