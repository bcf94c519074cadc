import { rmSync } from "node:fs";
import { outcome } from "../load/scenario.ts";
import { stretch } from "../load/window.ts";
import { type Contender, figureOf, interleaved, type Measure, type Options } from "../measure.ts";
import { BUN, spawnPinned, startProcess } from "../process.ts";
import { buildSchool, type School } from "../school.ts";
import { copyOf, OURS, oursEnv } from "../systems.ts";
import { BenchIssuer } from "../token-issuer.ts";

/** Requests under way at the same time. */
const LANES = 16;

/** What a token costs after its first use: a request with one beside the same request without. */
export const tokens: Measure = {
  name: "tokens",
  about:
    "A refused GET /students by the tokens of 300 students, ours (HS256) and an issuer's (RS256), and by none; server CPU in µs",
  run: async (options) => {
    const people = options.quick ? 5 : 300;
    const school = await buildSchool({ classes: 1, students: people });
    const issuer = await BenchIssuer.start();
    try {
      const theirs = await Promise.all(Array.from({ length: people }, (_, n) => issuer.token(`person ${n}`)));
      const ours = school.rooms.flatMap(({ students }) => students.map(({ token }) => token));
      const none = asked("rollcall, no token", school, issuer, [null], options);
      const own = asked("rollcall, HS256", school, issuer, ours, options);
      const outside = asked("rollcall, RS256", school, issuer, theirs, options);
      const rows = await interleaved(options, [none, own, outside, bareJose(options)]);
      const cost = (of: Contender) => figureOf(rows, of, "cpuUs") - figureOf(rows, none, "cpuUs");
      return {
        rows,
        reaches: [
          { what: "a known HS256 token beside none", unit: "µs", value: cost(own), limit: 30 },
          { what: "a known RS256 token beside none", unit: "µs", value: cost(outside), limit: 120 },
        ],
      };
    } finally {
      await issuer.stop();
    }
  },
};

/** A server that is asked by these tokens in turn; each was used before, which is a figure of its own. */
const asked = (
  name: string,
  { folder }: School,
  issuer: BenchIssuer,
  by: readonly (string | null)[],
  { quick }: Options,
): Contender => ({
  name,
  round: async () => {
    const data = copyOf(folder);
    const served = await startProcess(OURS, { ...oursEnv(data), ...issuer.settings });
    try {
      const first = await cpuOf(served, by, by.length);
      await cpuOf(served, by, quick ? 50 : 3000);
      return { cpuUs: await cpuOf(served, by, quick ? 200 : 20_000), firstUs: first };
    } finally {
      await served.stop("SIGKILL");
      rmSync(data, { recursive: true });
    }
  },
});

/** The server's CPU for a request, in µs, over so many. */
async function cpuOf(
  { url, pid }: { readonly url: string; readonly pid: number },
  by: readonly (string | null)[],
  count: number,
): Promise<number> {
  const end = stretch(pid);
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) {
      const token = by[n % by.length];
      const answer = await fetch(`${url}/students`, {
        headers: token ? { authorization: `Bearer ${token}` } : {},
      });
      await answer.arrayBuffer();
      if (answer.status !== (token ? 403 : 401)) throw new Error(`/students answered ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (end().serverMs * 1000) / count;
}

const bareJose = ({ quick }: Options): Contender => ({
  name: "bare jose, every time",
  round: async () => {
    const child = spawnPinned([BUN, "bench/baselines/jose.ts"], { COUNT: quick ? "50" : "5000" });
    return outcome.parse(await child.stdout.json());
  },
});
