import { Crowd, type Seated, until } from "./crowd.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import type { LoadSocket } from "./socket.ts";
import { stretch } from "./window.ts";

/** Every teacher's socket keeps so many marks on their way: what the server takes at the most. */
export async function marks(scenario: ScenarioOf<"marks">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  let [acknowledged, sent, going] = [0, 0, true];
  const found = new Map<LoadSocket, { due: number }>();
  for (const { desks } of crowd.seated) for (const desk of desks) found.set(desk, { due: 0 });
  crowd.onAcknowledged = (_seated, desk) => {
    acknowledged++;
    const own = found.get(desk);
    if (own) own.due++;
  };
  const send = (seated: Seated, desk: LoadSocket, many: number) => {
    sent += many;
    desk.send(...Array.from({ length: many }, () => crowd.mark(seated)));
  };
  for (const seated of crowd.seated) {
    for (const desk of seated.desks) {
      const own = found.get(desk);
      desk.afterRead = () => {
        if (own && going && own.due > 0) send(seated, desk, own.due);
        if (own) own.due = 0;
      };
      send(seated, desk, scenario.pipelined);
    }
  }
  await Bun.sleep(scenario.warmMs);
  const end = stretch(scenario.pid);
  const before = acknowledged;
  await Bun.sleep(scenario.measureMs);
  const during = acknowledged - before;
  const spent = end();
  going = false;
  await until("the last acknowledgement", () => acknowledged >= sent);
  crowd.end();
  return {
    marksPerSecond: during / (spent.ms / 1000),
    cpuUsPerMark: (spent.serverMs * 1000) / during,
    serverBusy: spent.serverMs / spent.ms,
    loadBusy: spent.loadBusy,
  };
}
