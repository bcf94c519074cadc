import { Crowd, until } from "./crowd.ts";
import type { Outcome, ScenarioOf } from "./scenario.ts";
import { textOf } from "./socket.ts";
import { stretch } from "./window.ts";

/** What Chromium tells of one way to reach it. */
const CANDIDATE = {
  candidate:
    "candidate:2795255774 1 udp 2122260223 192.168.1.34 54321 typ host generation 0 ufrag aB3d network-id 1 network-cost 10",
  sdpMid: "0",
  sdpMLineIndex: 0,
  usernameFragment: "aB3d",
};

/** Of each class teacher and first student are in the room, and so many signals are on their way from one to the other. */
export async function signals(scenario: ScenarioOf<"signals">): Promise<Outcome> {
  const crowd = await Crowd.gather(scenario);
  let [sent, heard, going] = [0, 0, true];
  const begin: (() => void)[] = [];
  for (const { group, desks, seats } of crowd.seated) {
    const [desk, seat] = [desks[0], seats[0]];
    if (!desk || !seat) throw new Error("nobody there to signal");
    const enter = JSON.stringify({ type: "enter", class: group.room });
    let peer = "";
    seat.take = (bytes, start, end) => {
      const text = textOf(bytes, start, end);
      if (text.startsWith('{"type":"room"')) peer = /"peer":"(\w+)"/.exec(text)?.[1] ?? "";
      if (!text.startsWith('{"type":"signal"')) return;
      heard++;
      if (going) send(1);
    };
    const send = (many: number) => {
      const text = JSON.stringify({ type: "signal", to: peer, kind: "candidate", data: CANDIDATE });
      sent += many;
      desk.send(...Array.from({ length: many }, () => text));
    };
    let isIn = false;
    desk.take = (bytes, start, end) => {
      isIn ||= textOf(bytes, start, end).startsWith('{"type":"room"');
    };
    for (const socket of [desk, seat]) socket.send(enter);
    await until("both in the room", () => isIn && peer !== "");
    begin.push(() => send(scenario.outstanding));
  }
  for (const each of begin) each();
  await Bun.sleep(scenario.warmMs);
  const end = stretch(scenario.pid);
  const before = heard;
  await Bun.sleep(scenario.measureMs);
  const during = heard - before;
  const spent = end();
  going = false;
  await until("the last signal", () => heard >= sent);
  crowd.end();
  return {
    signalsPerSecond: during / (spent.ms / 1000),
    cpuUs: (spent.serverMs * 1000) / during,
    loadBusy: spent.loadBusy,
  };
}
