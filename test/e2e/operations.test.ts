import { expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { call, get, post, refused } from "./http";
import { lesson, seat } from "./lesson";
import { join, login, newcomer, school, student } from "./people";
import { connect, connectAll, PlainClient } from "./plain-client";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(120_000);

async function withServer(run: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer();
  try {
    await run(server);
  } finally {
    await server.dispose();
  }
}

test("O1 SIGTERM closes 200 sockets with 1012 and exits 0", () =>
  withServer(async (server) => {
    const { teacher, students } = await school(server, 9);
    const people = [teacher, ...students];
    const sockets = await connectAll(server, Array.from({ length: 20 }, () => people).flat());
    const exitCode = server.stop();
    const codes = await Promise.all(sockets.map((socket) => socket.closed()));
    expect(codes).toEqual(Array.from({ length: 200 }, () => 1012));
    expect(await exitCode).toBe(0);
    expect(sockets.flatMap((socket) => socket.received)).toEqual([]);
    await expect(get(server, "/health")).rejects.toThrow();
  }));

test("O1 SIGTERM to a server without sockets exits 0", () =>
  withServer(async (server) => {
    expect(await server.stop()).toBe(0);
  }));

test("O2 the log of a run holds no token and no password", () =>
  withServer(async (server) => {
    const physics = await lesson(server, 1);
    const people = [physics.teacher, seat(physics, 0).person, await join(server, "student")];
    const passwords = people.map(({ password }) => password);
    const tokens = people.map(({ token }) => token);
    const wrongPassword = `wrong-${crypto.randomUUID()}`;
    const badToken = `eyJhbGciOiJIUzI1NiJ9.e30.${crypto.randomUUID()}`;
    const { email } = physics.teacher;
    await post(server, "/auth/login", { email, password: wrongPassword });
    await post(server, "/auth/signup", { ...newcomer("admin"), password: wrongPassword });
    await post(server, "/auth/login", `{"email":"${email}","password":"${wrongPassword}`);
    await call(server, "GET", `/auth/login?password=${wrongPassword}`);
    for (const token of [...tokens, badToken]) {
      await get(server, "/auth/me", token);
      await call(server, "GET", "/me", { headers: { authorization: token } });
      for (const path of ["/nowhere", "/ws", "/class", "/"]) {
        await (await fetch(`${server.url}${path}?token=${token}`)).arrayBuffer();
      }
      const socket = await PlainClient.open(`${server.wsUrl}?token=${token}`);
      socket.sendRaw(`{"event":"${token}","data":{"password":"${wrongPassword}"}`);
      socket.send("NOPE", { token, password: wrongPassword });
      await socket.next();
    }
    tokens.push(await login(server, email, physics.teacher.password));
    physics.desk.send("DONE");
    await physics.desk.until("DONE");
    expect(await server.stop()).toBe(0);
    const log = server.stdout() + server.stderr();
    const signatures = [...tokens, badToken].map((token) => token.split(".")[2] ?? "");
    const secrets = [...passwords, wrongPassword, ...tokens, badToken, ...signatures];
    expect(server.stderr()).not.toBe("");
    expect(secrets.filter((one) => log.includes(one))).toEqual([]);
  }));

test("O3 every line of the log is a JSON object", () =>
  withServer(async (server) => {
    const physics = await lesson(server, 1);
    await post(server, "/auth/login", "{");
    seat(physics, 0).socket.sendRaw("{");
    await seat(physics, 0).socket.next();
    await server.stop();
    const lines = server.stderr().split("\n").filter(Boolean);
    expect(lines).not.toEqual([]);
    for (const line of lines) z.record(z.string(), z.json()).parse(JSON.parse(line));
  }));

test("O4 a plain GET of the socket's address is refused in JSON", () =>
  withServer(async (server) => {
    const { body } = await get(server, "/ws");
    expect(body).toMatchObject({ success: false, error: expect.any(String) });
  }));

test("O5 a client that vanishes without a close disturbs nobody", () =>
  withServer(async (server) => {
    const physics = await school(server, 1);
    const [desk, vanishing] = await connectAll(server, [physics.teacher, student(physics, 0)]);
    vanishing?.vanish();
    const instead = await connect(server, student(physics, 0));
    for (const socket of [desk, instead]) expect(await socket?.heard()).toEqual([]);
    expect(await get(server, "/nowhere")).toEqual(refused(404, "Not found"));
  }));
