import { expect, jest, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { orFailure } from "../../bench/failure.ts";

const root = join(import.meta.dir, "..", "..");
const bun = join(root, "node_modules", ".bin", "bun");

const line = z.object({
  bench: z.string(),
  machine: z.object({ bun: z.string(), cores: z.int().positive() }),
  rows: z.array(z.object({ system: z.string(), figures: z.record(z.string(), z.number().finite()) })),
  reaches: z.array(z.object({ what: z.string(), value: z.number(), limit: z.number() })).min(1),
});

const several = z.object({ rows: z.array(z.object({ figures: z.record(z.string(), z.number().finite()) })) });

const quick = async (...args: string[]) => (await run(...args)).map((text) => line.parse(JSON.parse(text)));

/** The JSON lines of a quick run of these measures. */
async function run(...args: string[]): Promise<string[]> {
  const child = Bun.spawn([bun, "bench/main.ts", "--quick", ...args], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [said, complaints, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  expect({ code, complaints: code === 0 ? "" : complaints }).toEqual({ code: 0, complaints: "" });
  return said.split("\n").filter((text) => text.startsWith("{"));
}

test("B1 the measures run against our server and the designs beside it, and yield finite figures", async () => {
  const [storm, ...rest] = await quick("storm");
  expect(rest).toEqual([]);
  expect(storm?.bench).toBe("storm");
  expect(storm?.rows).toHaveLength(6);
  for (const { figures } of storm?.rows ?? []) expect(figures.completeMs).toBeGreaterThan(0);
}, 60_000);

test("B1 a measure can be run for some of the systems alone", async () => {
  const [marks] = await quick("marks", "--only", "rollcall plain");
  expect(marks?.rows.map(({ system }) => system)).toEqual(["rollcall plain"]);
  expect(marks?.rows[0]?.figures.marksPerSecond).toBeGreaterThan(0);
}, 60_000);

test("B1 the measure of several nodes runs on real ones, and tells their commits and conflicts", async () => {
  const lines = await run("cluster", "--only", "over three nodes+bare majority");
  const { rows } = several.parse(JSON.parse(lines[0] ?? ""));
  const [bare, storm] = rows.map(({ figures }) => figures);
  expect(rows).toHaveLength(2);
  expect(bare?.writesPerSecond).toBeGreaterThan(0);
  expect(storm?.commits).toBeGreaterThan(0);
  expect(storm).toHaveProperty("conflicts");
}, 120_000);

test("B1 the measure of joining a call runs in a real Chromium", async () => {
  const lines = await run("join", "--only", "mesh");
  const { rows } = several.parse(JSON.parse(lines[0] ?? ""));
  expect(rows.map(({ figures }) => (figures.firstMs ?? 0) > 0)).toEqual([true]);
}, 120_000);

test("B2 a measure that breaks is written down as failed, by its message, and the others stand", async () => {
  const failures: string[] = [];
  const complaints = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = await orFailure("storm", () => Promise.reject(new Error("no sessions")), failures);
  const whole = await orFailure("marks", async () => "## marks", failures);
  complaints.mockRestore();
  expect({ broken, whole, failures }).toEqual({
    broken: "## storm\n\n**Failed**: no sessions",
    whole: "## marks",
    failures: ["storm"],
  });
});

test("B1 a measure that there is not is said to be none, with those that there are", async () => {
  const run = Bun.spawn([bun, "bench/main.ts", "speed"], { cwd: root, stdout: "pipe", stderr: "pipe" });
  expect([await run.exited, await run.stderr.text()]).toEqual([
    1,
    expect.stringContaining("fanout, latency"),
  ]);
});
