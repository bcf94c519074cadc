import { join } from "node:path";
import { parseArgs } from "node:util";
import type { AttackName } from "./attacks.ts";
import { type Besieged, besiege, classOf, startSession } from "./besieged.ts";
import { type Latency, Marking } from "./marking.ts";
import { cpuSeconds, rssMib } from "./memory.ts";

/** How many sockets each attack has; the server has its defaults. */
const SOCKETS: Readonly<Record<AttackName, number>> = {
  idle: 3000,
  slowHeaders: 500,
  slowBody: 500,
  slowUpgrade: 500,
  mute: 3000,
  nameless: 3000,
  slowFrame: 500,
  deaf: 100,
  events: 50,
  pings: 50,
  enginePings: 50,
  fragments: 50,
  requests: 50,
  violations: 50,
};
const STUDENTS = 100;
const ATTACKERS = 200;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "3" },
    attacks: { type: "string" },
  },
});
const [seconds, rounds] = [wholeNumber("seconds"), wholeNumber("rounds")];
const wanted = values.attacks?.split(",");
const names = (Object.keys(SOCKETS) as AttackName[]).filter((name) => wanted?.includes(name) ?? true);

function wholeNumber(option: "seconds" | "rounds"): number {
  const value = Number(values[option]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${option} takes a whole number, not ${values[option]}`);
}

interface Round extends Latency {
  readonly cpu: number;
  readonly rss: number;
}

async function measure({ server }: Besieged, marking: Marking): Promise<Round> {
  const [before, began] = [cpuSeconds(server.pid), performance.now()];
  const latency = await marking.measure(seconds);
  const cpu = ((cpuSeconds(server.pid) - before) / (performance.now() - began)) * 1000;
  return { ...latency, cpu, rss: rssMib(server.pid) };
}

/** Measures while the attack is on; the attackers yield to everyone else, for they would be on other machines. */
async function attacked(siege: Besieged, marking: Marking, name: AttackName) {
  const of = name === "deaf" ? classOf(siege, 0) : classOf(siege, 1);
  const tokens = of.students.map(({ token }) => token);
  const order = { name, url: siege.server.url, tokens, sockets: SOCKETS[name] };
  const script = join(import.meta.dir, "attack-process.ts");
  const child = Bun.spawn(["nice", "-n", "10", process.execPath, script, JSON.stringify(order)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = child.stdout.getReader();
  await said.read();
  const round = await measure(siege, marking);
  child.stdin.end();
  const { value } = await said.read();
  await child.exited;
  return { round, outcome: new TextDecoder().decode(value).trim() };
}

/** Of several rounds the middle one of each figure. */
function median(of: readonly Round[]): Round {
  const middle = (pick: (round: Round) => number) => {
    const sorted = of.map(pick).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  const sum = (pick: (round: Round) => number) => of.reduce((all, round) => all + pick(round), 0);
  return {
    p50: middle(({ p50 }) => p50),
    p95: middle(({ p95 }) => p95),
    max: Math.max(...of.map(({ max }) => max)),
    arrived: sum(({ arrived }) => arrived),
    expected: sum(({ expected }) => expected),
    cpu: middle(({ cpu }) => cpu),
    rss: Math.max(...of.map(({ rss }) => rss)),
  };
}

function tell(what: string, round: Round, quiet: Round): void {
  const { p50, p95, max, arrived, expected, cpu, rss } = round;
  const ms = [p50, p95, max].map((one) => one.toFixed(1).padStart(8)).join("");
  const server = `${(cpu * 100).toFixed(0).padStart(6)}%${rss.toFixed(0).padStart(6)} MiB`;
  const lost = arrived === expected ? "" : `  ${expected - arrived} LOST`;
  console.log(`${what.padEnd(14)}${ms}${(p95 / quiet.p95).toFixed(2).padStart(8)} x${server}${lost}`);
}

const siege = await besiege({ classes: 2, students: Math.max(STUDENTS, ATTACKERS), spare: 0 });
const cls = classOf(siege, 0);
await startSession(siege.server, cls);
const marking = await Marking.seat(siege.server, { ...cls, students: cls.students.slice(0, STUDENTS) });
await marking.measure(2);
const quiet: Round[] = [];
const attacks = new Map<AttackName, Round[]>(names.map((name) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  for (const [name, measured] of attacks) {
    quiet.push(await measure(siege, marking));
    const { round: one, outcome } = await attacked(siege, marking, name);
    measured.push(one);
    console.log(
      `round ${round}, ${SOCKETS[name]} sockets of ${name}: p95 ${one.p95.toFixed(1)} ms, ${outcome}`,
    );
  }
}
const usual = median(quiet);
console.log(
  `\nMarks at 20 a second on ${STUDENTS} screens: ms from sending to screen, medians of ${rounds} rounds.`,
);
console.log(`${"".padEnd(14)}     p50     p95     max  of quiet   CPU    RSS`);
tell("quiet", usual, usual);
for (const [name, measured] of attacks) tell(name, median(measured), usual);
console.log(JSON.stringify({ quiet, ...Object.fromEntries(attacks) }));
marking.close();
const complaints = siege.server.complaints();
if (complaints !== "") console.log(`The server complained: ${complaints.slice(0, 2000)}`);
await siege.end();
process.exit(0);
