import { Crowd, type Seated, until } from "./crowd.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import type { LoadSocket } from "./socket.ts";
import { stretch } from "./window.ts";

/** Every student of every class is marked, all at once, over all of their teachers' sockets. */
export async function storm(scenario: ScenarioOf<"storm">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  const { seated } = crowd;
  const toSend = seated.flatMap((each) => dealt(crowd, each));
  const expected = sum(seated, (each) => each.group.students.length * crowd.audience(each));
  // By rollcall.v1 each socket's own marks are acknowledged; elsewhere each socket must have seen all.
  const perMark = (each: Seated) => (crowd.dialect.acknowledges ? 1 : each.desks.length);
  const due = sum(seated, (each) => each.group.students.length * perMark(each));
  let [acknowledged, acknowledgedAt] = [0, 0];
  crowd.onAcknowledged = () => {
    if (++acknowledged === due) acknowledgedAt = performance.now();
  };
  const lastHeard = watch(seated.flatMap(({ desks, seats }) => [...desks, ...seats]));
  const end = stretch(scenario.pid);
  const began = performance.now();
  for (const { desk, texts } of toSend) desk.send(...texts);
  await until("every mark on every screen", () => crowd.deliveries >= expected && acknowledged >= due);
  const spent = end();
  if (crowd.deliveries !== expected || acknowledged !== due)
    throw new Error(`${crowd.deliveries} of ${expected} deliveries, ${acknowledged} of ${due} acknowledged`);
  crowd.end();
  return {
    acknowledgedMs: acknowledgedAt - began,
    completeMs: lastHeard() - began,
    cpuUs: (spent.serverMs * 1000) / expected,
    loadBusy: spent.loadBusy,
  };
}

/** The class's marks, dealt to its teacher's sockets by turns. */
const dealt = (crowd: Crowd, seated: Seated) =>
  seated.desks.map((desk, turn) => ({
    desk,
    texts: seated.group.students.flatMap((_, n) =>
      n % seated.desks.length === turn ? [crowd.mark(seated, n)] : [],
    ),
  }));

const sum = <T>(all: readonly T[], count: (one: T) => number): number =>
  all.reduce((total, one) => total + count(one), 0);

/** Gives the time at which something was last read. */
function watch(sockets: readonly LoadSocket[]): () => number {
  let at = 0;
  for (const socket of sockets)
    socket.afterRead = () => {
      at = performance.now();
    };
  return () => at;
}
