import { expect } from "bun:test";
import { join } from "node:path";
import { openSqliteReader, openSqliteStore } from "../../src/store/sqlite/index.ts";
import { folder, isOneSentence, type Ran, rollcall } from "../cli/run.ts";
import { contents, fill } from "./school.ts";

const folders: { remove: () => void }[] = [];

/** A data folder of its own, until `removeFolders`. */
export function dataFolder(): string {
  const made = folder();
  folders.push(made);
  return made.path;
}

export function removeFolders(): void {
  for (const one of folders.splice(0)) one.remove();
}

export const databaseIn = (path: string): string => join(path, "rollcall.db");

/** A data folder with a school in it that held so many rounds of sessions. */
export async function filled(rounds: number): Promise<string> {
  const path = dataFolder();
  const store = openSqliteStore(databaseIn(path));
  await fill(store, rounds, 8);
  await store.close();
  return path;
}

/** All that a data folder holds. */
export async function held(path: string) {
  const reader = openSqliteReader(databaseIn(path));
  const all = await contents(reader);
  await reader.close();
  return all;
}

/** `rollcall migrate` to its end. */
export const migrate = (from: string, to: string): Promise<Ran> =>
  rollcall(["migrate", "--from", from, `--to=${to}`], {});

/** It was refused, in one sentence that says this. */
export function expectRefused({ code, err }: Ran, says: string): void {
  expect(code).toBe(1);
  expect(err).toContain(says);
  expect(isOneSentence(err)).toBe(true);
}

/** Migrates, and kills the process without a word once it has told of this. */
export async function killedOnce(from: string, to: string, told: string): Promise<void> {
  const args = ["src/main.ts", "migrate", "--from", from, "--to", to];
  const child = Bun.spawn([process.execPath, ...args], { stdout: "pipe", stderr: "inherit" });
  let out = "";
  for await (const chunk of child.stdout) {
    out += new TextDecoder().decode(chunk);
    if (out.includes(told)) child.kill("SIGKILL");
  }
  await child.exited;
  expect(child.signalCode).toBe("SIGKILL");
}
