import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../e2e/server.ts";
import { databaseIn, dataFolder, expectRefused, filled, migrate, removeFolders } from "./migrating.ts";

setDefaultTimeout(120_000);
afterEach(removeFolders);

const inFolder = (path: string) => `sqlite:${path}`;
test("MI10 a database that a server serves is neither moved nor moved into", async () => {
  const server = await startServer();
  const other = dataFolder();
  for (const [from, to] of [
    [server.dataDir, other],
    [await filled(1), server.dataDir],
  ] as const) {
    expectRefused(await migrate(inFolder(from), inFolder(to)), "is in use by another Rollcall server");
  }
  expect(existsSync(databaseIn(other))).toBe(false);
  await server.dispose();
});

test("MI10 what names no database, or the same one twice, is told in one sentence", async () => {
  const from = await filled(1);
  const wrong: [string, string, string][] = [
    ["sqlite:", inFolder(dataFolder()), "names no database"],
    ["postgres://x/y", inFolder(dataFolder()), "names no database"],
    [`sqlite:${join(dataFolder(), "nowhere")}`, inFolder(dataFolder()), "There is no database at"],
    [inFolder(from), `sqlite:${databaseIn(from)}`, "in use by another"],
    ["mongodb://127.0.0.1:1", inFolder(dataFolder()), "names no database"],
  ];
  for (const [source, target, says] of wrong) expectRefused(await migrate(source, target), says);
});

test("MI10 a mistyped URL is told without its password", async () => {
  for (const url of ["mogodb://ada:sesame@host/school", "mongo//ada:se@same@host/school?x=sesame"]) {
    const answer = await migrate(url, inFolder(dataFolder()));
    expectRefused(answer, "…@host/school names no database");
    expect(JSON.stringify(answer)).not.toMatch(/ada|same/);
  }
});
