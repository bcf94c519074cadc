import { Crowd, until } from "./crowd.ts";
import { type Logins, logIn } from "./logins.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import { textOf } from "./socket.ts";
import { quantile, stretch } from "./window.ts";

interface Heard {
  readonly at: number;
  readonly text: string;
}

/** Open loop: a mark every so often; from its sending until the last of the students has it. */
export async function latency(scenario: ScenarioOf<"latency">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  await phase(crowd, scenario, scenario.warmMs);
  const quiet = await phase(crowd, scenario, scenario.measureMs);
  if (!scenario.logins) {
    crowd.end();
    return quiet;
  }
  const logins: Logins = logIn(scenario.url, scenario.logins);
  const busy = await phase(crowd, scenario, scenario.measureMs);
  const perSecond = await logins.end();
  crowd.end();
  return {
    loginsPerSecond: perSecond,
    quietP95: quiet.p95 ?? Number.NaN,
    busyP50: busy.p50 ?? Number.NaN,
    busyP95: busy.p95 ?? Number.NaN,
  };
}

/** The same with nobody in the video room, and while every student enters it. */
export async function entering(scenario: ScenarioOf<"entering">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  await phase(crowd, scenario, scenario.warmMs);
  const quiet = await phase(crowd, scenario, scenario.measureMs);
  const [seated] = crowd.seated;
  const seats = seated?.seats ?? [];
  const enter = JSON.stringify({ type: "enter", class: seated?.group.room, mic: true, camera: true });
  const apart = scenario.measureMs / Math.max(1, seats.length);
  let inside = 0;
  const timer = setInterval(() => seats[inside++]?.send(enter), apart);
  const busy = await phase(crowd, scenario, scenario.measureMs);
  clearInterval(timer);
  crowd.end();
  const [quietP95 = Number.NaN, busyP95 = Number.NaN] = [quiet.p95, busy.p95];
  return { entered: Math.min(inside, seats.length), quietP95, busyP95, times: busyP95 / quietP95 };
}

async function phase(
  crowd: Crowd,
  { pid, perSecond }: Pick<ScenarioOf<"latency">, "pid" | "perSecond">,
  forMs: number,
): Promise<Outcome> {
  const [seated] = crowd.seated;
  const [desk] = seated?.desks ?? [];
  if (!seated || !desk) throw new Error("nobody there to mark");
  const heard = seated.seats.map((): Heard[] => []);
  for (const [index, seat] of seated.seats.entries()) {
    const own = heard[index];
    // Parsed afterwards, so that the first to be read do not hold up the last.
    seat.take = (bytes, start, end) => {
      const marks = crowd.dialect.marks(bytes, start);
      crowd.deliveries += marks;
      if (marks > 0) own?.push({ at: performance.now(), text: textOf(bytes, start, end) });
    };
  }
  const before = crowd.deliveries;
  const sent: { readonly at: number; readonly student: string }[] = [];
  const end = stretch(pid);
  const began = performance.now();
  while (performance.now() - began < forMs) {
    const text = crowd.mark(seated);
    sent.push({ at: performance.now(), student: /"student(?:Id)?":"([^"]+)"/.exec(text)?.[1] ?? "" });
    desk.send(text);
    await Bun.sleep(Math.max(0, began + (sent.length * 1000) / perSecond - performance.now()));
  }
  const due = () => before + sent.length * crowd.sockets;
  await until("the last mark on the last screen", () => crowd.deliveries >= due());
  const spent = end();
  const samples = reached(crowd, heard, sent);
  return {
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    max: quantile(samples, 1),
    loadBusy: spent.loadBusy,
    cpuUs: (spent.serverMs * 1000) / (sent.length * (heard.length + 1)),
  };
}

/** For each mark the time until the last had it, in ms. Throws where a screen shows other marks than were made. */
function reached(
  { dialect }: Crowd,
  heard: readonly (readonly Heard[])[],
  sent: readonly { readonly at: number; readonly student: string }[],
): number[] {
  const last = sent.map(() => 0);
  for (const own of heard) {
    const shown = own.flatMap(({ at, text }) => dialect.students(text).map((student) => ({ at, student })));
    if (shown.length !== sent.length) throw new Error(`${shown.length} marks shown, ${sent.length} made`);
    for (const [n, { at, student }] of shown.entries()) {
      if (student !== sent[n]?.student) throw new Error(`mark ${n} is not the one that was made`);
      last[n] = Math.max(last[n] ?? 0, at);
    }
  }
  return sent.map(({ at }, n) => (last[n] ?? Number.NaN) - at);
}
