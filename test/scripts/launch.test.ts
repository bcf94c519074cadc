import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";

const scripts = join(import.meta.dir, "..", "..", "scripts");
const folder = mkdtempSync(join(tmpdir(), "rollcall-launch-"));
const spawned: Subprocess[] = [];

afterEach(() => {
  for (const process of spawned.splice(0)) process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** The launcher, as `npm start` runs it, with a stand-in for the server; what that said goes to a file. */
async function launched(through: readonly string[] = []) {
  const said = join(folder, "said");
  const launcher = join(folder, "launcher.mjs");
  await Bun.write(said, "");
  writeFileSync(
    launcher,
    `import { launch } from ${JSON.stringify(join(scripts, "launch.mjs"))};
     import { onAncestorGone } from ${JSON.stringify(join(scripts, "ancestors.mjs"))};
     const args = [${JSON.stringify(join(import.meta.dir, "launcher-process.ts"))}];
     onAncestorGone(launch(${JSON.stringify(process.execPath)}, args).end);
     console.log("launcher", process.pid);`,
  );
  const output = Bun.file(said);
  const top = Bun.spawn([...through, "node", launcher], {
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdout: output,
    stderr: "inherit",
  });
  spawned.push(top);
  const words = () => readFileSync(said, "utf8");
  const pidOf = (name: string) => Number(new RegExp(`${name} (\\d+)`).exec(words())?.[1]);
  await until(() => pidOf("pid") > 0 && pidOf("launcher") > 0);
  return { top, words, child: pidOf("pid"), launcher: pidOf("launcher") };
}

async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await Bun.sleep(20);
  }
}

function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "O38 %s reaches the server once, and its exit code is the launcher's",
  async (signal) => {
    const { top, words, child } = await launched();
    top.kill(signal);
    // Ctrl-C comes from the terminal and, at the same moment, from npm.
    top.kill(signal);
    expect(await top.exited).toBe(4);
    expect(words().match(/SIG\w+/g)).toEqual([signal]);
    expect(runs(child)).toBe(false);
  },
);

test("O38 a second signal reaches the server too", async () => {
  const { top, words } = await launched();
  top.kill("SIGTERM");
  await until(() => words().includes("SIGTERM"));
  await Bun.sleep(120);
  top.kill("SIGTERM");
  expect(await top.exited).toBe(9);
});

test("O39 the server ends by itself when the launcher is killed", async () => {
  const { words, child, launcher } = await launched();
  process.kill(launcher, "SIGKILL");
  await until(() => !runs(child));
  expect(words()).toContain("parent gone");
});

test("O39 the server is told to end when what started the launcher is killed, a shell in between or not", async () => {
  const through = [
    ["sh", "-c", '"$@"; true', "npm"],
    ["sh", "-c", 'sh -c "\\"\\$@\\"; true" sh "$@"; true', "npm"],
  ];
  for (const shells of through) {
    const { top, words, child } = await launched(shells);
    top.kill("SIGKILL");
    await until(() => !runs(child));
    expect(words()).toContain("SIGTERM");
  }
});
