import { Database } from "bun:sqlite";
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandFrame } from "../../protocol/v1.ts";
import { verify } from "../../src/log/verify.ts";
import { backupSqlite, openSqliteReader } from "../../src/store/sqlite/index.ts";
import { rollcall } from "../cli/run.ts";
import { besiege } from "./besieged.ts";
import { Random, seedOf } from "./random.ts";
import { databaseIn } from "./storm-school.ts";
import { FOUND, type Tampering, UNSEEN } from "./tampering.ts";
import { V1Client } from "./v1-client.ts";

setDefaultTimeout(60_000);
const seed = seedOf(process.env.STORM_SEED);
const FLIPS = 60;

const siege = await besiege({ classes: 4, students: 10, spare: 0 });
afterAll(() => siege.end());
const sessions = await hold();
let copies = 0;

/** Sessions, all but the last one ended, as a server left them that was stopped; every mark is a batch of its own. */
async function hold(): Promise<{ ended: string; running: string }> {
  const { server, classes } = siege;
  const held: string[] = [];
  for (const cls of classes) {
    const client = new V1Client(cls.teacher.token);
    await client.connect(server.url);
    let commands = 0;
    const done = async (frame: CommandFrame) => {
      client.command(frame);
      await client.until("an acknowledgement", () => client.open.size === 0);
      return client.acknowledged.get(frame.id);
    };
    const id = () => `${++commands}`;
    const session = (await done({ type: "start", id: id(), class: cls.id }))?.session;
    if (!session) throw new Error("no session");
    for (const [n, { id: student }] of cls.students.entries())
      await done({ type: "mark", id: id(), session, student, status: n % 3 ? "present" : "absent" });
    if (cls !== classes.at(-1)) await done({ type: "end", id: id(), session });
    held.push(session);
    await client.close();
  }
  server.signal("SIGTERM");
  expect(await server.ended()).toBe(0);
  return { ended: held.at(-2) ?? "", running: held.at(-1) ?? "" };
}

/** A copy of the database with this done to it; `look` is given its name and its folder. */
async function tampered<T>(
  change: (db: Database) => unknown,
  look: (file: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(siege.server.dataDir, `copy-${copies++}`);
  mkdirSync(folder);
  const file = databaseIn(folder);
  backupSqlite(databaseIn(siege.server.dataDir), file);
  const db = new Database(file);
  change(db);
  db.close();
  return look(file, folder);
}

async function faultsIn(file: string): Promise<readonly string[]> {
  const reader = openSqliteReader(file);
  try {
    return (await verify(reader)).faults;
  } finally {
    await reader.close();
  }
}

const named = (rows: readonly Tampering[]) => rows.map((row) => [row.what, row] as const);

test("D41 a database that nobody touched has no faults", async () => {
  expect(await tampered(() => undefined, faultsIn)).toEqual([]);
});

test.each(named(FOUND))("D41 verify finds %s", async (_what, { change, found }) => {
  const faults = await tampered((db) => change(db, sessions), faultsIn);
  expect(faults.join("\n")).toContain(found ?? "nothing");
});

test("D41 verify finds a flipped bit of a log or of the audit chain, wherever it is", async () => {
  const random = new Random(seed);
  for (let flip = 0; flip < FLIPS; flip++) {
    const where = random.pick(["batches.body", "batches.hash", "audit.body", "audit.hash"]);
    const [table = "", column = ""] = where.split(".");
    const faults = await tampered((db) => flipBit(db, table, column, random), faultsIn);
    expect({ flip, where, seed, found: faults.length > 0 }).toMatchObject({ found: true });
  }
});

/** Flips one bit of one row, in the bytes that the file holds. */
function flipBit(db: Database, table: string, column: string, random: Random): void {
  const rows = db
    .query<{ place: number; bytes: Uint8Array }, []>(
      `SELECT rowid AS place, CAST(${column} AS BLOB) AS bytes FROM ${table}`,
    )
    .all();
  const { place, bytes } = random.pick(rows);
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  db.run(`UPDATE ${table} SET ${column} = CAST(? AS TEXT) WHERE rowid = ?`, [bytes, place]);
}

test("D41 the command line names what is wrong and exits with 1", async () => {
  const cut = FOUND.find(({ what }) => what.startsWith("the cut tail of an ended"));
  const said = await tampered(
    (db) => cut?.change(db, sessions),
    (_file, folder) => rollcall(["verify"], { ROLLCALL_DATA: folder }),
  );
  expect(said.code).toBe(1);
  expect(said.out).toContain(`WRONG: session ${sessions.ended}: the audit chain names batch`);
});

test.each(named(UNSEEN))(
  "D42 verify cannot see a change of %s, and docs/VERIFY.md says so",
  async (what, { change }) => {
    expect(await tampered((db) => change(db, sessions), faultsIn)).toEqual([]);
    const page = readFileSync(join(import.meta.dir, "..", "..", "docs", "VERIFY.md"), "utf8");
    expect(page.replaceAll(/\s+/g, " ")).toContain(what);
  },
);
