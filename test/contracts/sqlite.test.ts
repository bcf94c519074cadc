import type { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backupSqlite, openSqliteReader, openSqliteStore } from "../../src/store/sqlite/index.ts";
import { marksAfter, stored, userId } from "./batches.ts";
import { appended, exactly, logOf, recordOf, started } from "./checks.ts";
import { person } from "./checks-people.ts";
import { ask, newPlace, type Place, refusal } from "./sqlite-files.ts";

let place: Place;
beforeEach(() => {
  place = newPlace();
});
afterEach(() => place.remove());

/** A store whose disk is filled and emptied at will. */
function limited() {
  let connection: Database | undefined;
  const store = place.open({ opened: (db) => (connection = db) });
  const limit = (pages: number) => connection?.run(`PRAGMA max_page_count = ${pages}`);
  return { store, fill: () => limit(1), empty: () => limit(1_000_000) };
}

test("ST38 on a full disk appends reject and write nothing, and go on once there is room", async () => {
  const { store, fill, empty } = limited();
  const { head, first } = await started(store);
  const [large, small] = [marksAfter(first, 500), marksAfter(first)];
  fill();
  const asked = store.sessions.append([large, marksAfter(large)]);
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await logOf(store, first)).toEqual(exactly(first));
  expect(await store.sessions.head(head.id)).toEqual(head);
  empty();
  expect(await appended(store, small)).toEqual(["ok"]);
  expect(await appended(store, marksAfter(small, 500))).toEqual(["ok"]);
});

test("ST38 on a full disk every other transaction does the same, however often", async () => {
  const { store, fill, empty } = limited();
  const { head } = await started(store);
  const records = Array.from({ length: 500 }, (_, count) => ({
    ...recordOf(head, userId(count)),
    status: "present" as const,
  }));
  fill();
  for (let round = 0; round < 3; round++)
    expect(store.records.project(head.id, records, 1)).rejects.toThrow("full");
  expect(await store.records.ofSession(head.id)).toEqual([]);
  expect(await store.sessions.head(head.id)).toEqual(head);
  empty();
  await store.records.project(head.id, records, 1);
  expect((await store.records.ofSession(head.id)).length).toBe(500);
});

test("ST38 what was rolled back is seen nowhere, not by a reader beside either", async () => {
  const { store, fill } = limited();
  const { first } = await started(store);
  const reader = openSqliteReader(place.file);
  const second = marksAfter(first);
  await appended(store, second);
  fill();
  const asked = store.sessions.append([marksAfter(second), marksAfter(marksAfter(second), 500)]);
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  for (const sessions of [store.sessions, reader.sessions])
    expect(await sessions.read(first.sessionId, 0)).toEqual([stored(first), stored(second)]);
  await reader.close();
});

test("ST39 a reader sees at once what is acknowledged and does not hinder the writer", async () => {
  const store = place.open();
  const reader = openSqliteReader(place.file);
  const { head, first } = await started(store);
  expect(await reader.sessions.head(head.id)).toEqual(head);
  await appended(store, marksAfter(first));
  expect((await reader.sessions.read(head.id, 0)).length).toBe(2);
  await reader.close();
  expect(await appended(store, marksAfter(marksAfter(first)))).toEqual(["ok"]);
});

test("ST39 a reader and a backup make no database where there is none", () => {
  expect(refusal(place, () => openSqliteReader(place.file))).toContain("There is no database at");
  expect(refusal(place, () => backupSqlite(place.file, "copy"))).toContain("There is no database at");
  expect(readdirSync(place.folder)).toEqual([]);
});

test("ST39 a backup made while marks are written is whole: head rows and logs agree, and it opens", async () => {
  const store = place.open();
  const { first } = await started(store);
  const log = [first];
  const write = async (count: number) => {
    const next = marksAfter(log.at(-1) ?? first, count);
    expect(await appended(store, next)).toEqual(["ok"]);
    log.push(next);
  };
  for (let batch = 0; batch < 50; batch++) await write(500);
  const target = join(place.folder, "copy.db");
  let copying = true;
  const copied = backupInWorker(place.file, target).finally(() => {
    copying = false;
  });
  while (copying) {
    await write(10);
    await new Promise(setImmediate);
  }
  await copied;
  await write(10);

  const copy = openSqliteStore(target);
  const held = (await copy.sessions.read(first.sessionId, 0)).length;
  expect(await logOf(copy, first)).toEqual(exactly(...log.slice(0, held)));
  expect((await copy.sessions.head(first.sessionId))?.headSeq).toBe(log[held - 1]?.lastSeq);
  expect(await appended(copy, ...log.slice(held, held + 1))).toEqual(["ok"]);
  await copy.close();
});

function backupInWorker(file: string, target: string): Promise<void> {
  const worker = new Worker(new URL("./backup-worker.ts", import.meta.url).href);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.onmessage = () => resolve();
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage({ file, target });
  return promise.finally(() => worker.terminate());
}

test("ST39 a backup overwrites nothing, leaves nothing half done and is as private as the database", async () => {
  const store = place.open();
  await store.users.add(person(1, "Ada"));
  await store.close();
  const target = join(place.folder, "copy.db");
  writeFileSync(target, "mine");
  expect(refusal(place, () => backupSqlite(place.file, target))).toContain("is already there");
  expect(readFileSync(target, "utf8")).toBe("mine");
  const nowhere = join(place.folder, "no", "copy.db");
  expect(refusal(place, () => backupSqlite(place.file, nowhere))).toContain("could not be made");
  rmSync(target);
  chmodSync(place.file, 0o600);
  backupSqlite(place.file, target);
  expect(ask(target, "SELECT name FROM users")).toBe("Ada");
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(place.folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

test("ST40 the settings that durability rests on are on", () => {
  let connection: Database | undefined;
  place.open({ opened: (db) => (connection = db) });
  const pragma = (name: string) => connection?.query(`PRAGMA ${name}`).values()[0]?.[0];
  expect(["journal_mode", "synchronous", "foreign_keys"].map(pragma)).toEqual(["wal", 2, 1]);
});
