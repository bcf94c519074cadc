import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { type Besieged, classOf } from "./besieged.ts";
import { noFigures, type StormFigures } from "./figures.ts";
import { Random } from "./random.ts";
import { ServerProcess } from "./server-process.ts";
import { databaseIn } from "./storm-school.ts";
import { V1Lane } from "./v1-lane.ts";
import { V1Ledger } from "./v1-ledger.ts";

interface Suspended {
  readonly figures: StormFigures;
  /** What was not as promised, a sentence each. */
  readonly faults: readonly string[];
  /** How many of the sockets had to connect again. */
  readonly reconnected: number;
  /** How a second server on the same data ended, tried while the first was suspended. */
  readonly rival: string;
}

/**
 * Every class of the school is commanded over rollcall.v1 while the server's machine is suspended for `ms` (SIGSTOP,
 * SIGCONT); whose socket was cut off connects again. Everything that was acknowledged must be there, once.
 */
export async function suspend(siege: Besieged, ms: number, seed: number): Promise<Suspended> {
  const { server, classes } = siege;
  const lanes = classes.map((cls, n) => new V1Lane(cls, new Random(seed + n)));
  await Promise.all(lanes.map((lane) => lane.connect(server.url)));
  let running = true;
  let reconnected = 0;
  const commanding = lanes.map(async (lane) => {
    while (running) {
      await lane.run(() => running);
      if (!running && lane.connected) return;
      reconnected++;
      await lane.connect(server.url);
    }
  });
  await Bun.sleep(300);
  server.signal("SIGSTOP");
  const rival = await startRival(siege);
  await Bun.sleep(ms);
  server.signal("SIGCONT");
  await Bun.sleep(500);
  running = false;
  await Promise.all(commanding);
  for (const lane of lanes) {
    if (!lane.connected) await lane.connect(server.url);
    await lane.settled();
    await lane.close();
  }
  return { ...(await hold(siege, lanes)), reconnected, rival };
}

/** A second server on the same data: it must not take the data of one that only sleeps. */
async function startRival({ server, classes }: Besieged): Promise<string> {
  const rival = new ServerProcess({ script: "src/main.ts", dataDir: server.dataDir });
  try {
    await rival.start();
    await rival.kill9();
    return `it started, for the class ${classOf({ classes }, 0).id}`;
  } catch (error) {
    return String(error);
  }
}

async function hold({ server }: Besieged, lanes: readonly V1Lane[]) {
  const [figures, faults]: [StormFigures, string[]] = [noFigures(), []];
  const reader = openSqliteReader(databaseIn(server.dataDir));
  for (const lane of lanes) {
    const ledger = new V1Ledger(lane);
    const report = (kind: string | null, what: string) => void faults.push(`${kind ?? "wrong"}: ${what}`);
    await ledger.check(reader, figures, report);
    ledger.checkAll(report);
  }
  await reader.close();
  return { figures, faults };
}
