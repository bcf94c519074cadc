import { join } from "node:path";
import { parseArgs } from "node:util";
import { besiege, classOf, startSession } from "./besieged.ts";
import { Marking } from "./marking.ts";
import { cpuSeconds } from "./memory.ts";
import { type Aim, persist } from "./wrong-logins.ts";

const STUDENTS = 100;
const P95_MAX = 2;

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, "per-second": { type: "string", default: "100" } },
});
const [seconds, perSecond] = [Number(values.seconds), Number(values["per-second"])];

/** 100 wrong logins a second: marks keep their p95 within twice of quiet, and right passwords still get in. */
const siege = await besiege({ classes: 1, students: STUDENTS, spare: 0 });
const { server } = siege;
const cls = classOf(siege, 0);
await startSession(server, cls);
const marking = await Marking.seat(server, cls);
const account = { email: "right@school.test", password: "the right password" };
await server.ask("POST", "/auth/signup", "", { ...account, name: "Right", role: "student" });

async function measure() {
  const [cpu, began] = [cpuSeconds(server.pid), performance.now()];
  const latency = await marking.measure(seconds);
  return { ...latency, cpu: ((cpuSeconds(server.pid) - cpu) / (performance.now() - began)) * 1000 };
}

/** The attacker yields to everyone else, for it would be on another machine. */
async function attacked(aim: Aim) {
  const order = JSON.stringify({ url: server.url, perSecond, aim });
  const script = join(import.meta.dir, "logins-process.ts");
  const child = Bun.spawn(["nice", "-n", "10", process.execPath, script, order], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const said = child.stdout.getReader();
  await said.read();
  const tries: number[] = [];
  let going = true;
  const right = (async () => {
    while (going) {
      tries.push(await persist(server.url, account));
      await Bun.sleep(1000);
    }
  })();
  const measured = await measure();
  going = false;
  await right;
  child.stdin.end();
  const { value } = await said.read();
  await child.exited;
  return { ...measured, tries, answers: new TextDecoder().decode(value).trim() };
}

await marking.measure(2);
const quiet = await measure();
console.log(`quiet: p95 ${quiet.p95.toFixed(2)} ms, ${quiet.cpu.toFixed(2)} cores`);
let wrong = false;
for (const aim of ["one account", "many accounts"] as const) {
  const { p95, cpu, arrived, expected, tries, answers } = await attacked(aim);
  const ratio = p95 / quiet.p95;
  const most = Math.max(...tries);
  wrong ||= ratio > P95_MAX || arrived < expected || tries.length === 0;
  console.log(
    `${perSecond} wrong logins a second at ${aim}: p95 ${p95.toFixed(2)} ms (${ratio.toFixed(2)} x quiet), ` +
      `${arrived} of ${expected} marks, ${cpu.toFixed(2)} cores, ${tries.length} right logins in at most ${most} tries, answers ${answers}`,
  );
}
marking.close();
const complaints = server.complaints();
await siege.end();
process.exit(wrong || complaints !== "" ? 1 : 0);
