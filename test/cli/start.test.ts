import { Database } from "bun:sqlite";
import { afterEach, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../e2e/server";
import { folder, isOneSentence, type Ran, rollcall } from "./run.ts";

const folders: { remove: () => void }[] = [];
afterEach(() => {
  for (const one of folders.splice(0)) one.remove();
});

function data(): string {
  const made = folder();
  folders.push(made);
  return made.path;
}

/** The start failed with one sentence that says `about`, exit code 1 and no stack. */
function expectRefusal(ran: Ran, about: string): void {
  expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: "" });
  expect(ran.err).toContain(about);
  expect(isOneSentence(ran.err)).toBe(true);
}

test("O60 a taken port is told in one sentence", async () => {
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const PORT = String(taken.port);
  expectRefusal(await rollcall(["serve"], { ROLLCALL_DATA: data(), PORT }), `Port ${PORT} is taken`);
  await taken.stop(true);
});

test("O60 a port that another Rollcall has is not shared with it", async () => {
  const other = await startServer({ HOST: "0.0.0.0" });
  const PORT = new URL(other.url).port;
  const second = await rollcall(["serve"], { ROLLCALL_DATA: data(), HOST: "0.0.0.0", PORT });
  await other.dispose();
  expectRefusal(second, `Port ${PORT} is taken`);
});

test("O60 a folder that cannot be a folder is told in one sentence", async () => {
  const file = join(data(), "a-file");
  writeFileSync(file, "");
  expectRefusal(await rollcall(["serve"], { ROLLCALL_DATA: join(file, "data") }), "data");
});

test("O60 a database that is none, or newer, is told in one sentence", async () => {
  const broken = data();
  writeFileSync(
    join(broken, "rollcall.db"),
    "not a database, but long enough to be looked at as if it were one",
  );
  expectRefusal(await rollcall(["serve"], { ROLLCALL_DATA: broken }), "rollcall.db");
  const newer = data();
  expect((await rollcall(["demo"], { ROLLCALL_DATA: newer })).code).toBe(0);
  const db = new Database(join(newer, "rollcall.db"));
  db.run("PRAGMA user_version = 999");
  db.close();
  expectRefusal(await rollcall(["serve"], { ROLLCALL_DATA: newer }), "newer");
});

test("O60 an option that there is not is told in one sentence", async () => {
  expectRefusal(await rollcall(["serve", "--dmeo"], { ROLLCALL_DATA: data() }), "There is no option --dmeo");
});

test("O60 a start that fails leaves no lock", async () => {
  const folder = data();
  writeFileSync(
    join(folder, "rollcall.db"),
    "not a database, but long enough to be looked at as if it were one",
  );
  await rollcall(["serve"], { ROLLCALL_DATA: folder });
  expect(existsSync(join(folder, "rollcall.lock"))).toBe(false);
});

test("O60 a bad setting is told in one sentence", async () => {
  expectRefusal(await rollcall(["serve"], { ROLLCALL_DATA: data(), PORT: "http" }), "Bad setting PORT");
});
