import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreOpenError } from "../../src/store/sqlite/errors.ts";
import { openSqliteReader, openSqliteStore } from "../../src/store/sqlite/index.ts";
import { APPLICATION_ID, MIGRATIONS, newest } from "../../src/store/sqlite/migrations.ts";
import { NOON, userId } from "./batches.ts";
import { started } from "./checks.ts";
import { person } from "./checks-people.ts";
import { ask, newPlace, type Place, refusal } from "./sqlite-files.ts";

let place: Place;
beforeEach(() => {
  place = newPlace();
});
afterEach(() => place.remove());

const clock = { now: () => NOON };
const TODAY = newest(MIGRATIONS);
const LATER = TODAY + 1;
const NEXT = [
  ...MIGRATIONS,
  { version: LATER, sql: "ALTER TABLE users ADD COLUMN locale TEXT; CREATE TABLE more (x)" },
];
const BROKEN = [
  ...NEXT,
  { version: LATER + 1, sql: "CREATE TABLE again (x); INSERT INTO nowhere VALUES (1)" },
];

const copies = () => readdirSync(place.folder).filter((name) => name.includes("before-v"));

async function filled(): Promise<void> {
  const store = place.open();
  await store.users.add(person(1, "Ada"));
  await store.close();
}

test("ST36 an older file is copied as it was, then migrated", async () => {
  await filled();
  const store = place.open({ migrations: NEXT, clock });
  expect(await store.users.byId(userId(1))).toEqual(person(1, "Ada"));
  expect(copies()).toEqual([`rollcall.db.before-v${LATER}-20260105T120000000Z`]);
  const copy = join(place.folder, copies()[0] ?? "");
  expect(ask(copy, "PRAGMA user_version")).toBe(TODAY);
  expect(ask(copy, "SELECT name FROM users")).toBe("Ada");
  expect(ask(place.file, "PRAGMA user_version")).toBe(LATER);
});

test("ST36 a new file and one of today's version are not copied", async () => {
  await filled();
  await place.open().close();
  expect(copies()).toEqual([]);
});

test("ST36 an earlier copy of the same name is kept", async () => {
  await filled();
  const name = `rollcall.db.before-v${LATER}-20260105T120000000Z`;
  writeFileSync(join(place.folder, name), "mine");
  place.open({ migrations: NEXT, clock });
  expect(copies().toSorted()).toEqual([name, `${name}-2`]);
  expect(readFileSync(join(place.folder, name), "utf8")).toBe("mine");
});

test("ST36 a migration that fails leaves the file as it was", async () => {
  await filled();
  expect(refusal(place, () => place.open({ migrations: BROKEN, clock }))).toContain(
    "could not be migrated and is as it was",
  );
  expect(ask(place.file, "PRAGMA user_version")).toBe(TODAY);
  expect(ask(place.file, "SELECT count(*) FROM sqlite_schema WHERE name IN ('more', 'again')")).toBe(0);
  expect(await place.open().users.count()).toBe(1);
});

/** Refused with a sentence that holds these words, and left alone. */
function refused(sentence: string): void {
  const before = readFileSync(place.file);
  expect(refusal(place)).toContain(sentence);
  expect(readFileSync(place.file).equals(before)).toBe(true);
}

test("ST37 a file that a newer release wrote is refused", async () => {
  await place.open({ migrations: NEXT }).close();
  refused(`is of version ${LATER} and this program knows ${TODAY}: install the newer release`);
  expect(refusal(place, () => openSqliteReader(place.file))).toContain(`is of version ${LATER}`);
});

test("ST37 a file that is no SQLite database is refused", () => {
  writeFileSync(place.file, "Dear diary. ".repeat(1000));
  refused("is damaged or no SQLite database");
});

test("ST37 a file of another program is refused", () => {
  const db = new Database(place.file, { create: true });
  db.run("CREATE TABLE cookies (x)");
  db.close();
  refused("belongs to another program");
});

test("ST37 a file with pages overwritten is refused", async () => {
  const store = place.open();
  for (let count = 1; count <= 200; count++) await store.users.add(person(count, `Student ${count}`));
  await store.close();
  const bytes = readFileSync(place.file);
  for (let page = 1; page * 4096 < bytes.length; page++) bytes.fill(0xff, page * 4096, page * 4096 + 64);
  writeFileSync(place.file, bytes);
  refused("is damaged");
});

test("ST37 a file whose second half is missing is refused", async () => {
  await filled();
  const bytes = readFileSync(place.file);
  writeFileSync(place.file, bytes.subarray(0, bytes.length / 2));
  expect(refusal(place)).toContain("is damaged");
});

test("ST37 a file whose folder is missing, and a folder, are refused", () => {
  expect(refusal(place, () => openSqliteStore(join(place.folder, "no", "x.db")))).toContain(
    "cannot be written",
  );
  mkdirSync(place.file);
  expect(refusal(place)).toContain("cannot be written");
});

test("ST37 a write-ahead log whose database is gone is refused and kept", async () => {
  const { first } = await started(place.open());
  const log = readFileSync(`${place.file}-wal`);
  await place.remove();
  place = newPlace();
  writeFileSync(`${place.file}-wal`, log);
  expect(refusal(place)).toContain("is missing but");
  expect(readFileSync(`${place.file}-wal`).equals(log)).toBe(true);
  expect(log.includes(first.hash)).toBe(true);
});

test("ST37 a refusal is a StoreOpenError", () => {
  writeFileSync(place.file, "x".repeat(5000));
  expect(() => place.open()).toThrow(StoreOpenError);
});

test("HI8 a file of before the records' times has every ended session's records written anew", async () => {
  const file = new Database(place.file, { create: true });
  for (const { version, sql } of MIGRATIONS) if (version < 5) file.run(sql);
  file.run(
    `INSERT INTO sessions VALUES ('a', 'c', 't', 'r', 1, 9, 2, 2), ('b', 'c', 't', 'r', 2, NULL, 5, 0)`,
  );
  file.run("INSERT INTO records VALUES ('a', 's', 'c', 'present', 9)");
  file.run(`PRAGMA application_id = ${APPLICATION_ID}`);
  file.run("PRAGMA user_version = 4");
  file.close();
  const store = place.open({ clock });
  expect((await store.sessions.unprojected()).map(({ id }) => `${id}`)).toEqual(["a"]);
  expect((await store.sessions.running()).map(({ id }) => `${id}`)).toEqual(["b"]);
});

test("ST36 a file of the first version is migrated to today's, and what it held is there", async () => {
  const [first] = MIGRATIONS;
  if (!first) throw new Error("there is no first version");
  const old = new Database(place.file, { create: true });
  old.run(first.sql);
  old.run("INSERT INTO users VALUES (?1, 'Ada Öhler', 'ada@school.test', 'student', 'hash', 1)", [userId(1)]);
  old.run(`PRAGMA application_id = ${APPLICATION_ID}`);
  old.run("PRAGMA user_version = 1");
  old.close();
  const store = place.open({ clock });
  expect(ask(place.file, "PRAGMA user_version")).toBe(TODAY);
  expect(await store.sessions.commandsOf(userId(1), "a")).toEqual([]);
  const ada = { name: "Ada Öhler", passwordHash: "hash", issuer: null, disabled: false, tokensFrom: 0 };
  expect(await store.users.byEmail("ada@school.test")).toMatchObject(ada);
  expect(await store.users.page("öhl", null, 9)).toMatchObject([ada]);
  expect(copies()).toHaveLength(1);
});
