import { Crowd, type Seated, until } from "./crowd.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import { type Spent, stretch } from "./window.ts";

interface Lap {
  readonly deliveries: number;
  readonly marks: number;
  readonly reads: number;
  readonly spent: Spent;
}

/** Closed loop: whenever a teacher's socket finds a mark acknowledged, the next class's teacher sends the next. */
export async function fanout(scenario: ScenarioOf<"fanout">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  const figures: Record<string, number> = { sockets: crowd.sockets };
  for (const outstanding of scenario.outstanding) {
    await lap(crowd, scenario.pid, outstanding, scenario.warmMs);
    const { deliveries, marks, reads, spent } = await lap(
      crowd,
      scenario.pid,
      outstanding,
      scenario.measureMs,
    );
    const at = (name: string) => `${name}@${outstanding}`;
    figures[at("cpuUs")] = (spent.serverMs * 1000) / deliveries;
    figures[at("perSecond")] = deliveries / (spent.ms / 1000);
    figures[at("perRead")] = deliveries / reads;
    figures[at("marksPerSecond")] = marks / (spent.ms / 1000);
    figures[at("serverBusy")] = spent.serverMs / spent.ms;
    figures[at("loadBusy")] = spent.loadBusy;
  }
  crowd.end();
  return figures;
}

/** Sends for so long, waits until every socket has every mark, and gives what that cost. */
async function lap(crowd: Crowd, pid: number, outstanding: number, forMs: number): Promise<Lap> {
  let [turn, marks, expected, going] = [0, 0, 0, true];
  const [before, readBefore] = [crowd.deliveries, crowd.reads];
  const next = () => {
    const seated: Seated | undefined = crowd.seated[turn++ % crowd.seated.length];
    if (!going || !seated) return;
    marks++;
    expected += crowd.audience(seated);
    seated.desks[0]?.send(crowd.mark(seated));
  };
  crowd.onAcknowledged = next;
  const end = stretch(pid);
  for (let n = 0; n < outstanding; n++) next();
  await Bun.sleep(forMs);
  going = false;
  await until("the last delivery", () => crowd.deliveries - before >= expected);
  const spent = end();
  const deliveries = crowd.deliveries - before;
  if (deliveries !== expected) throw new Error(`${deliveries} deliveries, ${expected} were due`);
  return { deliveries, marks, reads: crowd.reads - readBefore, spent };
}
