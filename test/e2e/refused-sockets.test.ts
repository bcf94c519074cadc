import { afterAll, expect, test } from "bun:test";
import { join } from "./people";
import { connect, PlainClient } from "./plain-client";
import { startServer } from "./server";

const server = await startServer({ SOCKETS_MAX: "4", SOCKETS_PER_USER_MAX: "2" });
afterAll(() => server.dispose());

test("O53 sockets that were refused as they opened take up no room", async () => {
  const pupil = await join(server, "student");
  const two = await Promise.all([connect(server, pupil), connect(server, pupil)]);
  for (let n = 0; n < 6; n++) {
    const [nobody, third] = [await connect(server, { token: "none" }), await connect(server, pupil)];
    expect([await nobody.closed(), await third.closed()]).toEqual([1008, 1013]);
  }
  const other = await connect(server, await join(server, "student"));
  expect(await other.heard()).toEqual([]);
  const open = await (await fetch(`${server.url}/metrics`)).text();
  expect(open).toContain('rollcall_connections{dialect="plain"} 3');
  await Promise.all([other, ...two].map((socket) => socket.close()));
});

test("O53 a socket that asked for an unknown version takes up no room", async () => {
  for (let n = 0; n < 6; n++) {
    const socket = new WebSocket(server.wsUrl, ["rollcall.v9"]);
    const closed = Promise.withResolvers<number>();
    socket.onclose = ({ code }) => closed.resolve(code);
    expect(await closed.promise).toBe(4406);
  }
  const socket = await PlainClient.open(`${server.wsUrl}?token=none`);
  expect(await socket.closed()).toBe(1008);
});
