import { residentBytes } from "../machine.ts";
import { Crowd } from "./crowd.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import { stretch } from "./window.ts";

/** Sockets that say nothing: how much more memory the server has in RAM for each. */
export async function idle(scenario: ScenarioOf<"idle">): Promise<Outcome> {
  const { pid, groups, warmSockets, settleMs } = scenario;
  // What the first sockets bring into memory is code and heap, not sockets.
  const few = groups.map((group, n) => ({
    ...group,
    students: n === 0 ? group.students.slice(0, warmSockets) : [],
  }));
  const warm = await Crowd.gather({ ...scenario, groups: few });
  warm.end();
  await Bun.sleep(settleMs);
  const before = residentBytes(pid);
  const end = stretch(pid);
  const crowd = await Crowd.gather(scenario);
  const spent = end();
  await Bun.sleep(settleMs);
  const bytes = residentBytes(pid) - before;
  const open = crowd.seated.flatMap(({ seats }) => seats).filter((seat) => !seat.closed).length;
  crowd.end();
  const cpuUsPerConnection = (spent.serverMs * 1000) / crowd.sockets;
  return { open, bytesPerSocket: bytes / open, baseMb: before / 2 ** 20, cpuUsPerConnection };
}
