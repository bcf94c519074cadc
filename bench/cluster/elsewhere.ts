import type { Outcome } from "../load/scenario.ts";
import { underLoad } from "../load.ts";
import { residentBytes } from "../machine.ts";
import { type Contender, groupOf } from "../measure.ts";
import type { Served } from "../process.ts";
import type { School } from "../school.ts";
import { startSessions } from "../systems.ts";
import { metricsOf, sampleOf, stopAll } from "./nodes.ts";
import type { Stack } from "./stack.ts";

const SETTLE_MS = 3000;
const WARM_REQUESTS = 300;

/** What a node holds for classes whose sockets are all on another one: in its memory, and by its own count. */
export const elsewhere = (stack: Stack, school: School): Contender => ({
  name: "classes elsewhere",
  round: async () => {
    const nodes = await stack.serve(await stack.hold(school), 2);
    try {
      const [busy, idle] = nodes;
      if (!busy || !idle) throw new Error("two nodes are needed");
      return await held(busy, idle, school);
    } finally {
      await stopAll(nodes);
    }
  },
});

async function held(busy: Served, idle: Served, { rooms }: School): Promise<Outcome> {
  // What a process takes once, it has taken before it is looked at.
  for (let n = 0; n < WARM_REQUESTS; n++) await metricsOf(idle);
  await Bun.sleep(SETTLE_MS);
  const before = [busy, idle].map(({ pid }) => residentBytes(pid));
  const sessions = await startSessions(busy, rooms);
  const groups = rooms.map((room, n) => groupOf(room, sessions[n] ?? ""));
  const { url, pid } = busy;
  const seats = { teacherSockets: 1, studentSockets: 0 };
  await underLoad({ kind: "storm", url, pid, dialect: "v1", global: false, groups, ...seats });
  await Bun.sleep(SETTLE_MS);
  const after = [busy, idle].map(({ pid: each }) => residentBytes(each));
  const [here, there] = after.map((bytes, n) => (bytes - (before[n] ?? 0)) / rooms.length);
  const metrics = await metricsOf(idle);
  return {
    bytesPerClassHere: here ?? Number.NaN,
    bytesPerClassElsewhere: there ?? Number.NaN,
    sessionsHeldElsewhere: sampleOf(metrics, "rollcall_sessions_held"),
    classesHeardElsewhere: sampleOf(metrics, "rollcall_classes_heard"),
  };
}
