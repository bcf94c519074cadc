import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { freePort } from "../services/ports.ts";
import { PollingPeer, WebSocketPeer } from "./engine-peer";
import { IoClient, leave, ways } from "./io-client";
import { school, startSession, student } from "./people";
import { connect, marked } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(120_000);
const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.dispose())));

/** A server that comes back on the same port. */
async function onePort(env: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer({ PORT: String(freePort()), ...env });
  servers.push(server);
  return server;
}

test("SI15 SIGTERM ends sessions so that clients connect again by themselves, and hear the class as before", async () => {
  const server = await onePort();
  const held = await school(server, 1);
  await startSession(server, held.teacher, held.classId);
  const { token, id } = student(held, 0);
  const clients = await Promise.all(ways.map((way) => IoClient.open(server, { auth: { token } }, way, true)));
  expect(await server.stop()).toBe(0);
  // A client that is told `io server disconnect` stays away.
  for (const client of clients) expect(await client.disconnected()).toMatch(/^transport (close|error)$/);
  await server.start();
  for (const client of clients) await client.when("a second entry", () => client.connects === 2);
  const desk = await connect(server, held.teacher);
  desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
  for (const client of clients) {
    expect(await client.next()).toEqual(marked(id, "present"));
    expect(await client.heard()).toEqual([]);
  }
  leave(...clients);
  await desk.close();
});

/** In this time polls that were sent are with the server, in ms, which nothing tells before they are answered. */
const sentAndHeldMs = 1000;

/** Less than a shutdown that waited for a held poll would take with the settings below, in ms. */
const notWaited = 15_000;

test(
  "SI15 SIGTERM closes WebSockets with 1012 and answers held polls, and waits for neither",
  async () => {
    const patient = { PING_AFTER_MS: "60000", SILENCE_MAX_MS: "90000", SHUTDOWN_MS: "90000" };
    const server = await onePort(patient);
    const socket = await WebSocketPeer.open(server);
    const peers = await Promise.all(Array.from({ length: 20 }, () => PollingPeer.open(server)));
    const polled = peers.map((peer) => peer.poll().catch(() => ["came too late"]));
    await Bun.sleep(sentAndHeldMs);
    const code = server.stop();
    expect(await socket.closed()).toBe(1012);
    const answers = (await Promise.all(polled)).flat();
    expect(answers.filter((answer) => answer !== "came too late")).toContain("1");
    expect(await code).toBe(0);
  },
  notWaited,
);
