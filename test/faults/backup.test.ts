import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoggedEvent } from "../../src/core/session/events.ts";
import { loadLog } from "../../src/log/load.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { rollcall } from "../cli/run.ts";
import { type Besieged, besiege, classOf, Neighbours } from "./besieged.ts";
import { Random, seedOf } from "./random.ts";
import { ServerProcess } from "./server-process.ts";
import { databaseIn } from "./storm-school.ts";
import type { Place } from "./v1-client.ts";
import { V1Lane } from "./v1-lane.ts";

setDefaultTimeout(120_000);
const BACKUPS = 3;
const seed = seedOf(process.env.STORM_SEED);

/** A copy that was made while classes were commanded, and what had been acknowledged before it was asked for. */
interface Backup {
  readonly file: string;
  readonly promised: readonly (readonly [id: string, place: Place])[];
}

/** Marks every class without a pause and makes copies meanwhile, one after the other. */
async function backUp({ server, classes }: Besieged, folder: string): Promise<Backup[]> {
  const lanes = classes.map((cls, n) => new V1Lane(cls, new Random(seed + n)));
  await Promise.all(lanes.map((lane) => lane.connect(server.url)));
  let running = true;
  const commanding = lanes.map((lane) => lane.run(() => running));
  const backups: Backup[] = [];
  while (!lanes.every(({ client }) => client.acknowledged.size > 0)) await Bun.sleep(20);
  for (let n = 0; n < BACKUPS; n++) {
    await Bun.sleep(300);
    const promised = lanes.flatMap(({ client }) => [...client.acknowledged]);
    const file = join(folder, `backup-${n}.db`);
    const backup = await rollcall(["backup", file], { ROLLCALL_DATA: server.dataDir });
    expect(backup).toMatchObject({ code: 0, err: "", out: expect.stringContaining("Copied") });
    backups.push({ file, promised });
  }
  running = false;
  await Promise.all(commanding);
  for (const lane of lanes) await lane.close();
  return backups;
}

/** How many of the promised commands are not where they were acknowledged. */
async function missing(dataDir: string, promised: Backup["promised"]): Promise<number> {
  const reader = openSqliteReader(databaseIn(dataDir));
  const logs = new Map<string, readonly LoggedEvent[]>();
  for (const session of new Set(promised.map(([, place]) => place.session)))
    logs.set(session, (await loadLog(reader.sessions, session)).log);
  await reader.close();
  const isThere = (id: string, { session, seq }: Place) => logs.get(session)?.[seq - 1]?.command?.id === id;
  return promised.filter(([id, place]) => !isThere(id, place)).length;
}

test("D40 a backup made under a marking storm is restored into a fresh folder: everything acknowledged before it is there, verify is clean, and it serves", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-backups-"));
  const siege = await besiege({ classes: 3, students: 20, spare: 0 });
  try {
    const backups = await backUp(siege, folder);
    expect(backups.map(({ promised }) => promised.length > 0)).toEqual([true, true, true]);
    for (const { file, promised } of backups) {
      const dataDir = mkdtempSync(join(folder, "restored-"));
      renameSync(file, databaseIn(dataDir));
      expect(await missing(dataDir, promised)).toBe(0);
      const verified = await rollcall(["verify"], { ROLLCALL_DATA: dataDir });
      expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("Every chain is whole") });
      await serves(siege, dataDir);
    }
    console.log(
      `acknowledged before each backup: ${backups.map(({ promised }) => promised.length)}, seed ${seed}`,
    );
  } finally {
    await siege.end();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A server on the restored data serves the school as before, with the secret that signed its tokens. */
async function serves({ classes, env }: Besieged, dataDir: string): Promise<void> {
  const server = new ServerProcess({ script: "src/main.ts", dataDir, env });
  await server.start();
  const restored = { server, classes, env, end: () => server.remove() };
  const neighbours = await Neighbours.seat(restored, classOf(restored, 0), 3);
  await neighbours.areServed();
  expect(server.complaints()).toBe("");
  await restored.end();
}
