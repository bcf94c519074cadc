import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { StartError } from "../../src/core/start-error.ts";
import { takeLock } from "../../src/runtime/lock.ts";
import { type Holder, holderHere } from "../../src/runtime/lock-holder.ts";

const folders: string[] = [];
const children: Subprocess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-lock-"));
  folders.push(folder);
  return folder;
}

/** Another process that tries to take the lock: what it said, and the process. */
async function starter(folder: string, url = ""): Promise<{ said: string; child: Subprocess }> {
  const file = join(import.meta.dir, "holder-process.ts");
  const child = Bun.spawn([process.execPath, file, folder, url], { stdout: "pipe", stderr: "inherit" });
  children.push(child);
  const { value } = await child.stdout.getReader().read();
  return { said: new TextDecoder().decode(value).trim(), child };
}

const lockOf = (folder: string) => join(folder, "rollcall.lock");
const holderOf = (folder: string): Holder => JSON.parse(readFileSync(lockOf(folder), "utf8"));

/** A lock as another process left it, last seen alive `ageMs` before now. */
function leave(folder: string, holder: Partial<Holder>, ageMs = 0, name = "rollcall.lock"): Holder {
  const written: Holder = { ...holderHere(Date.now()), ...holder };
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(written));
  utimesSync(path, new Date(), new Date(Date.now() - ageMs));
  return written;
}

const refusal = (folder: string): string => {
  try {
    takeLock(folder).release();
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return "taken";
};

describe("a folder that is held", () => {
  test("O20 a second server is refused and told who holds the folder, since when and where", async () => {
    const folder = newFolder();
    const { said, child } = await starter(folder, "http://localhost:3000");
    expect(said).toBe("held");
    const message = refusal(folder);
    expect(message).toContain(`process ${child.pid}`);
    expect(message).toContain(`since ${new Date().toISOString().slice(0, 10)}`);
    expect(message).toContain("at http://localhost:3000");
    expect(message).not.toContain("\n");
  });

  test("O20 the same process cannot take it twice, and can once it is released", () => {
    const folder = newFolder();
    const lock = takeLock(folder);
    expect(refusal(folder)).toContain(`process ${process.pid}`);
    lock.release();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    expect(refusal(folder)).toBe("taken");
  });

  test("O20 a release leaves the lock of another holder alone", () => {
    const folder = newFolder();
    const lock = takeLock(folder);
    const other = leave(folder, {});
    lock.announce("http://localhost:1");
    lock.release();
    expect(holderOf(folder)).toEqual(other);
  });

  test("O20 a process that is stopped, however long, still holds it", () => {
    const folder = newFolder();
    leave(folder, { ...holderOfInit() }, 3_600_000);
    expect(refusal(folder)).toContain("process 1");
  });
});

/** Process 1 as a holder: one that is alive and is not this one. */
function holderOfInit(): Partial<Holder> {
  const stat = readFileSync("/proc/1/stat", "utf8");
  return { pid: 1, startTime: stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null };
}

describe("a lock whose holder is gone", () => {
  test("O21 the lock of a server that was killed is taken over at once", async () => {
    const folder = newFolder();
    const { child } = await starter(folder);
    child.kill("SIGKILL");
    await child.exited;
    expect(refusal(folder)).toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });

  const stale: [string, () => Partial<Holder>][] = [
    ["whose pid now belongs to another process", () => ({ ...holderOfInit(), startTime: "1" })],
    ["from before the machine was started again", () => ({ ...holderOfInit(), bootId: "another" })],
    ["of an earlier program in this very process", () => ({})],
  ];
  test.each(stale)("O21 a lock %s is stale", (_, holder) => {
    const folder = newFolder();
    leave(folder, holder());
    expect(refusal(folder)).toBe("taken");
  });

  const unseen: [string, Partial<Holder>][] = [
    ["on another host", { host: "elsewhere" }],
    ["in another container of the same name", { pidNamespace: "pid:[1]" }],
    ["that cannot be looked at", { pid: 1, startTime: null }],
  ];
  test.each(unseen)("O22 a holder %s counts as alive until it was silent for 15 s", (_, holder) => {
    const folder = newFolder();
    leave(folder, holder, 14_000);
    expect(refusal(folder)).toContain("in use by another Rollcall server");
    leave(folder, holder, 15_500);
    expect(refusal(folder)).toBe("taken");
  });

  test("O22 a lock file that cannot be read counts as alive until it is 15 s old", () => {
    const folder = newFolder();
    writeFileSync(lockOf(folder), "{");
    expect(refusal(folder)).toContain("cannot be read");
    utimesSync(lockOf(folder), new Date(), new Date(Date.now() - 15_500));
    expect(refusal(folder)).toBe("taken");
  });

  test("O22 a holder shows every 2 s that it lives", async () => {
    const folder = newFolder();
    const { child } = await starter(folder);
    const old = new Date(Date.now() - 60_000);
    utimesSync(lockOf(folder), old, old);
    const deadline = Date.now() + 10_000;
    const age = () => Date.now() - Bun.file(lockOf(folder)).lastModified;
    while (age() > 50_000 && Date.now() < deadline) await Bun.sleep(50);
    expect(age()).toBeLessThan(3000);
    child.kill("SIGTERM");
    await child.exited;
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("several starters at once", () => {
  test("O23 of starters that find a stale lock exactly one gets it", async () => {
    for (let round = 0; round < 4; round += 1) {
      const folder = newFolder();
      leave(folder, { ...holderOfInit(), startTime: "1" });
      const all = await Promise.all(Array.from({ length: 6 }, () => starter(folder)));
      const holders = all.filter(({ said }) => said === "held");
      expect(holders).toHaveLength(1);
      expect(holderOf(folder).pid).toBe(holders[0]?.child.pid ?? 0);
      const refused = all.filter(({ said }) => said.startsWith("StartError"));
      expect(refused).toHaveLength(5);
    }
  });

  test("O23 a takeover that a killed starter left half done is finished by the next", () => {
    const folder = newFolder();
    const gone = { ...holderOfInit(), startTime: "1" };
    const first = leave(folder, gone);
    const second = leave(folder, gone, 0, `rollcall.lock.${first.nonce}`);
    leave(folder, gone, 0, `rollcall.lock.${second.nonce}`);
    expect(refusal(folder)).toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("O23 a takeover under way keeps a further starter out", () => {
    const folder = newFolder();
    const first = leave(folder, { ...holderOfInit(), startTime: "1" });
    leave(folder, holderOfInit(), 0, `rollcall.lock.${first.nonce}`);
    expect(refusal(folder)).toContain("process 1,");
  });
});

describe("a folder that cannot be written", () => {
  test("O24 a folder that is missing is made, for its owner alone", () => {
    const folder = join(newFolder(), "a", "b");
    takeLock(folder).release();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("O24 a file in the folder's place, and one on the way to it, are refused in a sentence", () => {
    const file = join(newFolder(), "data");
    writeFileSync(file, "");
    for (const folder of [file, join(file, "below")]) {
      expect(refusal(folder)).toMatch(/^The data folder \S+ cannot be written \(.+\): make it writable/);
    }
  });

  test("O24 a folder on a file system that takes no files is refused in a sentence", () => {
    expect(refusal("/proc/rollcall")).toMatch(/^The data folder \/proc\/rollcall cannot be written/);
  });
});
