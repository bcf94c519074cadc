import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { get } from "../e2e/http";
import { lesson, seat } from "../e2e/lesson";
import { login, recordOf } from "../e2e/people";
import { startServer, type TestServer } from "../e2e/server";
import { folder, rollcall } from "./run.ts";

const made = folder();
const demo = { ROLLCALL_DATA: made.path };
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.dispose();
  made.remove();
});

test("O61 demo fills an empty database, says how to log in, and refuses one with users", async () => {
  const filled = await rollcall(["demo"], demo);
  expect(filled).toMatchObject({ code: 0, err: "" });
  expect(filled.out).toContain("log in as teacher@demo.school with the password rollcall-demo");
  const again = await rollcall(["demo"], demo);
  expect(again).toMatchObject({ code: 1, out: "" });
  expect(again.err).toContain("needs an empty database");
});

test("O62 verify walks the demo's sessions and finds every chain whole", async () => {
  const { code, out } = await rollcall(["verify"], demo);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Walked 6 sessions with \d+ batches and \d+ events, 6 audit entries and \d+ entries of the trail\.\nEvery chain is whole/,
  );
});

test("O63 doctor shows every setting and masks the secrets", async () => {
  const secret = "do-not-show-this-secret";
  const { code, out } = await rollcall(["doctor"], { ...demo, JWT_SECRET: secret, METRICS_TOKEN: secret });
  expect(code).toBe(0);
  expect(out).not.toContain(secret);
  expect(out).toContain("JWT_SECRET = ********");
  expect(out).toContain("CLASS_SIZE_MAX = 5000  (default)");
  expect(out).toContain("41 users, 0 sessions running");
});

test("O63 doctor says in words what is wrong with a setting or a database", async () => {
  expect((await rollcall(["doctor"], { ...demo, PORT: "x" })).err).toContain("Bad setting PORT");
  const none = await rollcall(["doctor"], { ROLLCALL_DATA: join(made.path, "nowhere") });
  expect(none.out).toContain("There is no database");
});

test("O64 a backup made while serving holds what was acknowledged, and can be served", async () => {
  const held = await lesson(server, 1);
  const { person } = seat(held, 0);
  held.desk.send("ATTENDANCE_MARKED", { studentId: person.id, status: "present" });
  await held.desk.next();
  held.desk.send("DONE");
  await held.desk.until("DONE");
  const copy = folder();
  const file = join(copy.path, "rollcall.db");
  const backup = await rollcall(["backup", file], { ROLLCALL_DATA: server.dataDir });
  expect(backup).toMatchObject({ code: 0, err: "" });
  expect(existsSync(file)).toBe(true);
  const twice = await rollcall(["backup", file], { ROLLCALL_DATA: server.dataDir });
  expect(twice.code).toBe(1);
  const restored = await startServer({ ROLLCALL_DATA: copy.path });
  const token = await login(restored, person.email, person.password);
  expect(await recordOf(restored, { ...person, token }, held.classId)).toBe("present");
  expect(await get(restored, "/health")).toMatchObject({ status: 200 });
  await restored.dispose();
  copy.remove();
});

test("O65 an unknown subcommand is told, and help lists them all", async () => {
  expect((await rollcall(["nonsense"], demo)).code).toBe(1);
  const { out } = await rollcall(["--help"], demo);
  for (const name of ["serve", "demo", "doctor", "verify", "backup"]) expect(out).toContain(name);
});
