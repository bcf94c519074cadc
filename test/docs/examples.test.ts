import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { eventsOf, Network, until } from "../client/network.ts";
import { endSession, type Person, type School, school, startSession, student } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import { startServer, type TestServer } from "../e2e/server.ts";

setDefaultTimeout(120_000);
const root = join(import.meta.dir, "..", "..");
const LINES_MAX = 40;

let server: TestServer;
let network: Network;
let python: string;
const running: Subprocess[] = [];

beforeAll(async () => {
  const prepared = Bun.spawn(["node", join(root, "scripts", "python.mjs")], {
    stdout: "pipe",
    stderr: "inherit",
  });
  [server, python] = await Promise.all([startServer(), prepared.stdout.text()]);
  network = await new Network(server).open();
});
afterAll(async () => {
  for (const example of running) example.kill("SIGKILL");
  await network?.close();
  await server?.dispose();
});

/** An example that runs, and what it has printed so far. */
function follow(command: readonly string[], who: Person, { classId }: School, marks: Person) {
  const args = [network.url, who.email, who.password, classId, marks.id];
  const example = Bun.spawn([...command, ...args], { cwd: root, stdout: "pipe", stderr: "pipe" });
  running.push(example);
  const printed = { text: "" };
  const read = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of example.stdout) printed.text += decoder.decode(chunk, { stream: true });
  })();
  const lines = () =>
    printed.text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const printedSeq = (seq: number) =>
    until(
      `event ${seq}`,
      () => lines().some((event) => event.seq === seq),
      () => printed.text,
    );
  return { example, lines, printedSeq, read };
}

const EXAMPLES: [string, string, () => string[]][] = [
  ["TypeScript", "v1-client.ts", () => [process.execPath, join("examples", "v1-client.ts")]],
  ["Python", "v1_client.py", () => [python.trim(), join("examples", "v1_client.py")]],
];

test.each(EXAMPLES)(
  "C41 the %s example has at most 40 lines and is shown in docs/PROTOCOL.md as it is",
  (_, file) => {
    const text = readFileSync(join(root, "examples", file), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(LINES_MAX);
    expect(readFileSync(join(root, "docs", "PROTOCOL.md"), "utf8")).toContain(
      `\n${text.trimEnd()}\n\`\`\`\n`,
    );
  },
);

test.each(EXAMPLES)(
  "C41 the %s example follows a class through a cut and a kill -9, its mark is done once, and it prints every event once",
  async (_, __, command) => {
    const lesson = await school(server, 3);
    const { teacher, classId } = lesson;
    const { example, lines, printedSeq, read } = follow(command(), teacher, lesson, student(lesson, 0));
    const { sessionId } = await startSession(server, teacher, classId);
    // Its own mark, as soon as it hears of the session: the answer may be lost, or the mark itself.
    await printedSeq(1);
    network.cut();
    await printedSeq(2);
    const mark = async (of: Person) => {
      const desk = await connect(server, teacher);
      desk.send("ATTENDANCE_MARKED", { studentId: of.id, status: "absent" });
      await desk.next();
      await desk.close();
    };
    await mark(student(lesson, 1));
    await printedSeq(3);
    network.cut();
    await mark(student(lesson, 2));
    await printedSeq(4);
    await server.kill9();
    await server.restart();
    await mark(student(lesson, 2));
    await printedSeq(5);
    await endSession(server, teacher, classId);
    expect(await example.exited).toBe(0);
    await read;
    const events = await eventsOf(server, teacher.token, sessionId);
    // It came before the start or after it.
    expect(lines()[0]).toMatchObject({ seq: 1, type: expect.stringMatching(/^(started|snapshot)$/) });
    expect(lines().slice(1)).toEqual(events.slice(1));
    expect(events.map(({ type }) => type)).toEqual([
      "started",
      "marked",
      "marked",
      "marked",
      "marked",
      "ended",
    ]);
    expect(events[1]).toMatchObject({ student: student(lesson, 0).id, status: "present", via: "v1" });
  },
);

test.each(EXAMPLES)("C41 the %s example ends where it cannot come in", async (_, __, command) => {
  const lesson = await school(server, 1);
  const stranger = { ...lesson.teacher, password: "wrong" };
  const { example } = follow(command(), stranger, lesson, student(lesson, 0));
  expect(await example.exited).not.toBe(0);
});
