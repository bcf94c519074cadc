import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteReader, openSqliteStore } from "../../src/store/sqlite/index.ts";
import { folder, isOneSentence, rollcall } from "../cli/run.ts";
import { get } from "../e2e/http.ts";
import { login, recordOf, school, startSession, student } from "../e2e/people.ts";
import { startServer } from "../e2e/server.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { contents, fill } from "./school.ts";

setDefaultTimeout(120_000);
const folders: { remove: () => void }[] = [];
afterEach(() => {
  for (const one of folders.splice(0)) one.remove();
});

function data(): string {
  const made = folder();
  folders.push(made);
  return made.path;
}

const databaseIn = (path: string) => join(path, "rollcall.db");
const migrate = (from: string, to: string) =>
  rollcall(["migrate", "--from", `sqlite:${from}`, `--to=sqlite:${to}`], {});

/** A data folder with a school in it. */
async function filled(rounds: number): Promise<string> {
  const path = data();
  const store = openSqliteStore(databaseIn(path));
  await fill(store, rounds, 8);
  await store.close();
  return path;
}

async function held(path: string) {
  const reader = openSqliteReader(databaseIn(path));
  const all = await contents(reader);
  await reader.close();
  return all;
}

const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Migrates, and kills the process without a word once it has told of this. */
async function killedOnce(from: string, to: string, told: string): Promise<void> {
  const args = ["src/main.ts", "migrate", "--from", `sqlite:${from}`, "--to", `sqlite:${to}`];
  const child = Bun.spawn([process.execPath, ...args], { stdout: "pipe", stderr: "inherit" });
  let out = "";
  for await (const chunk of child.stdout) {
    out += new TextDecoder().decode(chunk);
    if (out.includes(told)) child.kill("SIGKILL");
  }
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
}

test("MI9 a migration that is killed with kill -9, several times, is completed by the next run; the old file is as it was", async () => {
  const [from, to] = [await filled(67), data()];
  const before = digest(databaseIn(from));
  for (const told of ["users", "classes", "200 sessions"]) {
    await killedOnce(from, to, told);
    const served = await rollcall(["serve"], { ROLLCALL_DATA: to });
    expect(served).toMatchObject({ code: 1, out: "" });
    expect(served.err).toContain(`run rollcall migrate --from sqlite:${databaseIn(from)} again`);
    expect(isOneSentence(served.err)).toBe(true);
  }
  const { code, out, err } = await migrate(from, to);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("sessions: 202 there, 202 here");
  expect(out).toContain("every chain of hashes is whole");
  expect(await held(to)).toEqual(await held(from));
  expect(digest(databaseIn(from))).toBe(before);
  expect((await rollcall(["verify"], { ROLLCALL_DATA: to })).code).toBe(0);
});

test("MI10 a database that a server serves is neither moved nor moved into", async () => {
  const server = await startServer();
  const other = data();
  for (const [from, to] of [
    [server.dataDir, other],
    [await filled(1), server.dataDir],
  ] as const) {
    const refused = await migrate(from, to);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("is in use by another Rollcall server");
    expect(isOneSentence(refused.err)).toBe(true);
  }
  expect(existsSync(databaseIn(other))).toBe(false);
  await server.dispose();
});

test("MI10 what names no database, or the same one twice, is told in one sentence", async () => {
  const from = await filled(1);
  const wrong: [string, string, string][] = [
    ["sqlite:", `sqlite:${data()}`, "names no database"],
    ["postgres://x/y", `sqlite:${data()}`, "names no database"],
    [`sqlite:${join(data(), "nowhere")}`, `sqlite:${data()}`, "There is no database at"],
    [`sqlite:${from}`, `sqlite:${databaseIn(from)}`, "in use by another"],
  ];
  for (const [source, target, says] of wrong) {
    const { code, err } = await rollcall(["migrate", "--from", source, "--to", target], {});
    expect(code).toBe(1);
    expect(err).toContain(says);
    expect(isOneSentence(err)).toBe(true);
  }
});

test("MI11 after the move people log in, sessions run on, records stand, and what is sent again is harmless", async () => {
  const JWT_SECRET = "the secret of both, which is long enough for anybody";
  const old = await startServer({ JWT_SECRET });
  const physics = await school(old, 2);
  const person = student(physics, 0);
  const { sessionId: session } = await startSession(old, physics.teacher, physics.classId);
  const socket = await V1Socket.ready(old, { token: physics.teacher.token });
  const command = { type: "mark", id: "mine", session, student: person.id, status: "present" };
  socket.send(command);
  const first = await socket.answer("mine");
  expect(first.type).toBe("ack");
  await old.stop();
  const to = data();
  expect((await migrate(old.dataDir, to)).code).toBe(0);
  const fresh = await startServer({ JWT_SECRET, ROLLCALL_DATA: to });
  const again = await V1Socket.ready(fresh, { token: physics.teacher.token });
  again.send(command);
  expect(await again.answer("mine")).toEqual(first);
  const token = await login(fresh, person.email, person.password);
  expect(await get(fresh, `/class/${physics.classId}/room`, token)).toMatchObject({
    body: { data: { isActive: true } },
  });
  again.send({ type: "end", id: "over", session });
  expect((await again.answer("over")).type).toBe("ack");
  expect(await recordOf(fresh, { ...person, token }, physics.classId)).toBe("present");
  for (const server of [old, fresh]) await server.dispose();
});
