import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { newTeacher, printedCode } from "./admin";
import { dataOf, get, post, refused } from "./http";
import { join, login } from "./people";
import { startServer, type TestServer } from "./server";

setDefaultTimeout(60_000);
let server: TestServer;
afterEach(() => server.dispose());

const ada = { name: "Ada", email: "ada@school.test", password: "a long enough secret" };
const badCode = refused(400, "This code is unknown, used or expired, ask for a new one");

test("AD2 the printed code makes the first admin, once; until then teachers sign up freely", async () => {
  server = await startServer();
  expect(server.stdout()).toContain("anyone may sign up as one");
  expect(dataOf(await get(server, "/setup"))).toEqual({ open: true, empty: true });
  await join(server, "teacher");
  expect(dataOf(await get(server, "/setup"))).toEqual({ open: true, empty: false });
  const code = printedCode(server);
  expect(await post(server, "/setup", { ...ada, code: "made up" })).toEqual(badCode);
  const common = await post(server, "/setup", { ...ada, code, password: "password1" });
  expect(common).toEqual(refused(400, "This password is among the 10,000 commonest, choose another"));
  const made = dataOf(await post(server, "/setup", { ...ada, code, role: "student" }), 201);
  expect(made).toMatchObject({ email: ada.email, role: "admin" });
  const token = await login(server, ada.email, ada.password);
  expect((await get(server, "/admin/users", token)).status).toBe(200);
  expect(dataOf(await get(server, "/setup"))).toEqual({ open: false, empty: false });
  const again = await post(server, "/setup", { ...ada, email: "b@school.test", code });
  expect(again).toEqual(refused(400, "This server has an admin already, sign in instead"));
  expect((await post(server, "/auth/signup", newTeacher())).status).toBe(403);
  await server.restart();
  expect(server.stdout().match(/\/set-up with the code/g)).toHaveLength(1);
});

test("AD2 a restart without an admin prints another code, and both count", async () => {
  server = await startServer();
  const first = printedCode(server);
  await server.restart();
  expect(printedCode(server)).not.toBe(first);
  expect((await post(server, "/setup", { ...ada, code: first })).status).toBe(201);
});

test("AD2 the demo is filled in with the same step, into an empty server alone", async () => {
  server = await startServer();
  const code = printedCode(server);
  expect((await post(server, "/setup", { ...ada, code, demo: true })).status).toBe(201);
  const token = await login(server, ada.email, ada.password);
  const { classes } = z
    .object({ classes: z.array(z.object({ className: z.string() })) })
    .parse(dataOf(await get(server, "/admin/classes", token)));
  expect(classes.map(({ className }) => className)).toContain("Physics 9b");
  await login(server, "teacher@demo.school", "rollcall-demo");
});

test("AD2 a server with users takes no demo, and the code stays good", async () => {
  server = await startServer();
  await join(server, "student");
  const code = printedCode(server);
  const demo = await post(server, "/setup", { ...ada, code, demo: true });
  expect(demo).toEqual(refused(400, "This server has users already, set it up without the demo"));
  expect((await post(server, "/setup", { ...ada, code })).status).toBe(201);
});

test("TH6 guesses from the same address do not keep out who has the printed code", async () => {
  server = await startServer();
  for (let n = 0; n < 8; n++)
    expect(await post(server, "/setup", { ...ada, code: `made up ${n}` })).toEqual(badCode);
  expect((await post(server, "/setup", { ...ada, code: printedCode(server) })).status).toBe(201);
});
