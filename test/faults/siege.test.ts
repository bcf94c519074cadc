import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { type AttackName, planOf } from "./attacks.ts";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { rssMib } from "./memory.ts";
import { Swarm } from "./swarm.ts";
import { WsPeer } from "./ws-peer.ts";

setDefaultTimeout(120_000);

/** By how much the server's memory may grow under any of this, with some 3,500 sockets at once at the most. */
const RSS_GROWTH_MAX_MIB = 200;

const siege = await besiege(
  { classes: 2, students: 200, spare: 0 },
  {
    SOCKETS_PER_USER_MAX: "5000",
    PING_AFTER_MS: "1000",
    // The honest answer pings from the process that also attacks: on a busy machine it is late.
    SILENCE_MAX_MS: "8000",
    FIRST_FRAME_MS: "2000",
    OUT_BUFFER_BYTES_MAX: "65536",
  },
);
const { server } = siege;
const swarms: Swarm[] = [];
afterAll(async () => {
  for (const swarm of swarms) swarm.end();
  await siege.end();
});
const [honest, other] = [classOf(siege, 0), classOf(siege, 1)];
const neighbours = await Neighbours.seat(siege, honest, 10);
await neighbours.areServed();
const target = { url: server.url, tokens: other.students.map(({ token }) => token) };
const rssBefore = rssMib(server.pid);

async function attack(name: AttackName, sockets: number, renewed = false): Promise<Swarm> {
  const swarm = await Swarm.gather(planOf(name, target, sockets, renewed));
  swarms.push(swarm);
  return swarm;
}

/** Until it is so, the neighbours are served as ever and the server's memory stays within its bound. */
async function servedUntil(done: () => boolean | Promise<boolean>): Promise<void> {
  do {
    await neighbours.areServed();
    expect(rssMib(server.pid) - rssBefore).toBeLessThan(RSS_GROWTH_MAX_MIB);
    await Bun.sleep(20);
  } while (!(await done()));
}

/** A figure of the server's own, as an operator sees it. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

const connections = (dialect: string) => metric(`rollcall_connections{dialect="${dialect}"}`);
const floods = () => metric('rollcall_refusals_total{reason="flood"}');

// What Bun ends by its own deadline of 12 s, which no setting changes, begins first and is looked at last.
const slow = await Promise.all([
  attack("idle", 1000),
  attack("slowHeaders", 170),
  attack("slowBody", 170),
  attack("slowUpgrade", 160),
]);

test("W28 two thousand sockets that answer no ping, or never say who they are, or never end a frame, are cut off", async () => {
  const swarms = await Promise.all([attack("mute", 1000), attack("slowFrame", 500), attack("nameless", 500)]);
  await servedUntil(() => swarms.every(({ held }) => held === 0));
  const [mute, , nameless] = swarms;
  expect(mute?.closeCodes.size).toBe(0);
  expect(nameless?.closeCodes).toEqual(new Map([[4408, 500]]));
  expect(await connections("plain")).toBe(11);
});

test("W29 a hundred readers that never read are cut off, and their own class and others are served", async () => {
  const swarm = await attack("deaf", 100);
  const desk = await WsPeer.open(server.url, "/ws", { lines: ["Sec-WebSocket-Protocol: rollcall.v1"] });
  desk.sendText(JSON.stringify({ type: "hello", token: other.teacher.token }));
  desk.sendText(JSON.stringify({ type: "start", id: "start", class: other.id }));
  await desk.until("the start", () => desk.texts.some((text) => text.includes('"ack"')));
  const session = JSON.parse(desk.texts.find((text) => text.includes('"ack"')) ?? "").session;
  let marks = 0;
  const markAll = () => {
    const status = marks++ % 2 ? "absent" : "present";
    desk.sendText(JSON.stringify({ type: "markMany", id: `${marks}`, session, whom: "all", status }));
  };
  // Each of these is 6 KB to every socket of the class; the kernel holds some 4 MB for each before that shows.
  await servedUntil(async () => {
    for (let n = 0; n < 50; n++) markAll();
    const last = `{"type":"ack","id":"${marks}"`;
    await desk.until("the marks", () => desk.texts.at(-1)?.startsWith(last) ?? false);
    return (await connections("v1")) === 1;
  });
  expect(desk.closeCode).toBeUndefined();
  desk.destroy();
  swarm.end();
});

test.each(["events", "pings"] as const)("W30 a flood of %s from 50 sockets ends them", async (name) => {
  const before = await floods();
  const swarm = await attack(name, 50);
  await servedUntil(() => swarm.held === 0);
  // Who still sends is reset before it reads its close frame, so that the server is asked.
  expect((await floods()) - before).toBe(50);
});

test("W30 a flood of pings on Engine.IO's WebSockets ends them", async () => {
  const before = await floods();
  const swarm = await attack("enginePings", 10);
  await servedUntil(() => swarm.held === 0);
  expect((await floods()) - before).toBe(10);
});

test.each(["fragments", "requests", "violations"] as const)(
  "W30 under a flood of %s from 50 sockets, always renewed, others are served",
  async (name) => {
    const swarm = await attack(name, 50, true);
    let looks = 0;
    await servedUntil(() => ++looks === 25);
    swarm.end();
    await neighbours.areServed();
  },
);

test("W27 slow headers, slow bodies, slow handshakes and a thousand idle connections are cut off by Bun's own deadline", async () => {
  await servedUntil(() => slow.every(({ held }) => held === 0));
  expect(slow.map(({ cut }) => cut)).toEqual([1000, 170, 170, 160]);
});

test("W31 after all of it the server holds no socket but the honest ones, and nothing complained", async () => {
  await servedUntil(async () => (await connections("plain")) === 11 && (await connections("v1")) === 0);
  expect(server.complaints()).toBe("");
  console.log(`memory: ${Math.round(rssBefore)} MiB before, ${Math.round(rssMib(server.pid))} MiB after`);
});
