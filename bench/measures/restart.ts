import { rmSync } from "node:fs";
import { underLoad } from "../load.ts";
import { type Contender, figureOf, groupOf, interleaved, type Measure } from "../measure.ts";
import { spawnPinned, startProcess } from "../process.ts";
import { buildSchool, type School } from "../school.ts";
import { copyOf, OURS, oursEnv, RIVALS, startSessions } from "../systems.ts";

/** From a process's start to its first healthy answer. */
export const restart: Measure = {
  name: "restart",
  about:
    "From a process's start to healthy, in ms: with nothing to do, and after a kill -9 in the middle of marking",
  run: async (options) => {
    const size = options.quick ? { classes: 3, students: 20 } : { classes: 100, students: 300 };
    const empty = await buildSchool({ classes: 1, students: 10 });
    const killed = await killedInTheMiddle(await buildSchool({ ...size, shared: true }));
    const fresh = onData("rollcall, no sessions", empty.folder);
    const after = onData(`rollcall, killed with ${size.classes} sessions of ${size.students} marks`, killed);
    const rivals = RIVALS.map((rival) => starting(rival.name, rival.start));
    const rows = await interleaved(options, [fresh, after, ...rivals]);
    const limits = [
      [fresh, 300],
      [after, 500],
    ] as const;
    return {
      rows,
      reaches: limits.map(([which, limit]) => ({
        what: which.name,
        unit: "ms",
        value: figureOf(rows, which, "healthyMs"),
        limit,
      })),
    };
  },
};

/** Marks every student of every class on a real server and kills it; gives the folder as it was left. */
async function killedInTheMiddle({ folder, rooms }: School): Promise<string> {
  const served = await startProcess(OURS, oursEnv(folder));
  try {
    const sessions = await startSessions(served, rooms);
    const groups = rooms.map((room, n) => groupOf(room, sessions[n] ?? ""));
    const { url, pid } = served;
    const seats = { teacherSockets: 1, studentSockets: 0 };
    await underLoad({ kind: "storm", url, pid, dialect: "plain", global: false, groups, ...seats });
  } finally {
    await served.stop("SIGKILL");
  }
  return folder;
}

/** Each round begins with the data as it was. */
const onData = (name: string, folder: string): Contender => {
  let copy = "";
  const contender = starting(name, async () => {
    copy = copyOf(folder);
    return { command: OURS, env: oursEnv(copy) };
  });
  return {
    name,
    round: async () => {
      try {
        return await contender.round();
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  };
};

interface Start {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const starting = (name: string, prepare: () => Promise<Start>): Contender => ({
  name,
  round: async () => {
    const { command, env } = await prepare();
    const port = freePort();
    const began = performance.now();
    const child = spawnPinned(command, { ...env, PORT: String(port) });
    try {
      while (!(await isHealthy(port))) {
        if (child.exitCode !== null) throw new Error(`${name} ended: ${await child.stderr.text()}`);
        await Bun.sleep(1);
      }
      return { healthyMs: performance.now() - began };
    } finally {
      child.kill("SIGKILL");
      await child.exited;
    }
  },
});

function freePort(): number {
  const taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  taken.stop(true);
  return taken.port;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
