import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { z } from "zod";
import { dataOf, get } from "../e2e/http.ts";
import { student } from "../e2e/people.ts";
import { running } from "../e2e/room-seat.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { newAuthority } from "../oidc/authority.ts";
import { startTurn, type TestTurn } from "../services/coturn.ts";
import { allocate, type Credentials, credentialsOf } from "./turn-client.ts";

setDefaultTimeout(60_000);
let turn: TestTurn;
let server: TestServer;
beforeAll(async () => {
  turn = await startTurn();
  server = await startServer(turn.env);
});
afterAll(async () => {
  await server?.dispose();
  await turn?.remove();
});

const Ice = z.object({
  iceServers: z.array(z.object({ urls: z.array(z.string()), username: z.string(), credential: z.string() })),
});

/** What a student of a running session is given by our own route. */
async function given(): Promise<Credentials> {
  const of = await running(server, 1);
  const answer = await get(server, `/video/ice?classId=${of.classId}`, student(of, 0).token);
  const [first] = Ice.parse(dataOf(answer)).iceServers;
  if (!first) throw new Error("no TURN server");
  expect(first.urls).toEqual([turn.env.TURN_URLS]);
  return first;
}

test("RO23 coturn relays for the credentials of our own route, and not once they have expired, nor for made-up ones", async () => {
  const { port } = turn.service;
  const right = await given();
  expect(await allocate(port, right)).toBe("allocated");
  const [until = "", user = ""] = right.username.split(":");
  const expired = credentialsOf(`${Math.floor(Date.now() / 1000) - 10}:${user}`, turn.env.TURN_SECRET);
  expect(await allocate(port, expired)).toBe(401);
  const longer = { ...right, username: `${Number(until) + 3600}:${user}` };
  for (const wrong of [
    longer,
    credentialsOf(right.username, "another secret"),
    { ...right, credential: "guessed" },
  ])
    expect(await allocate(port, wrong)).toBe(401);
});

test("RO23 the coturn that we ship speaks TLS by the certificate that it is given", async () => {
  const authority = newAuthority();
  const its = await startTurn(authority.tls);
  try {
    const ca = readFileSync(authority.file, "utf8");
    // It says that it is ready before it listens for TLS.
    let spoken: string | null = null;
    for (let tries = 0; tries < 100 && spoken === null; tries++) {
      spoken = await tlsOf(its.service.port + 1, ca);
      if (spoken === null) await Bun.sleep(100);
    }
    expect(spoken).toMatch(/^TLSv1\.[23]$/);
  } finally {
    await its.remove();
    authority.remove();
  }
});

/** The TLS that is spoken at the port by a certificate of this authority; null where nobody listens. */
function tlsOf(port: number, ca: string): Promise<string | null> {
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca }, () => {
    resolve(socket.getProtocol());
    socket.destroy();
  });
  socket.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "ECONNREFUSED" ? resolve(null) : reject(error),
  );
  return promise;
}
