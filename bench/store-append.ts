import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GENESIS } from "../src/core/batch.ts";
import { isClassId, isRoomId, isSessionId, isUserId } from "../src/core/ids.ts";
import type { LoggedEvent } from "../src/core/session/events.ts";
import { sealBatch } from "../src/log/seal.ts";
import type { Store } from "../src/ports/store.ts";
import { openSqliteStore } from "../src/store/sqlite/index.ts";

/**
 * How many marks a second the SQLite store commits, sealing included: `marks` per commit in one session, or
 * one mark in each of as many sessions. Run: bun bench/store-append.ts [folder] [milliseconds for each].
 */
const [folder = tmpdir(), duration = "1500"] = process.argv.slice(2);

interface Log {
  readonly session: ReturnType<typeof session>;
  position: { number: number; hash: string };
  seq: number;
}

const hex = (count: number) => count.toString(16).padStart(24, "0");

function id<T extends string>(guard: (text: string) => text is T, count: number): T {
  const text = hex(count);
  if (!guard(text)) throw new Error(`not an id: ${text}`);
  return text;
}

const session = (count: number) => id(isSessionId, count);

async function begin(store: Store, count: number): Promise<Log> {
  const [classId, teacherId, roomId] = [id(isClassId, count), id(isUserId, count), id(isRoomId, count)];
  const genesis = { number: 0, hash: GENESIS };
  const stamp = { seq: 1, at: Date.now(), by: teacherId, via: "plain" } as const;
  const first = sealBatch(session(count), genesis, "bench", [
    { type: "started", classId, teacherId, roomId, roster: [], ...stamp },
  ]);
  const row = { id: session(count), classId, teacherId, roomId, startedAt: stamp.at, endedAt: null };
  await store.sessions.start({ ...row, headSeq: 1, projectedSeq: 0 }, first);
  return { session: session(count), position: { number: 1, hash: first.hash }, seq: 1 };
}

function nextBatch(log: Log, marks: number) {
  const [by, at] = [id(isUserId, 1), Date.now()];
  const events = Array.from({ length: marks }, (_, index): LoggedEvent => {
    const student = id(isUserId, index);
    return { type: "marked", student, status: "present", seq: log.seq + 1 + index, at, by, via: "plain" };
  });
  const batch = sealBatch(log.session, log.position, "bench", events);
  log.position = { number: batch.number, hash: batch.hash };
  log.seq = batch.lastSeq;
  return batch;
}

async function measure(sessions: number, marks: number) {
  const place = mkdtempSync(join(folder, "rollcall-bench-"));
  const store = openSqliteStore(join(place, "rollcall.db"));
  const logs = await Promise.all(Array.from({ length: sessions }, (_, count) => begin(store, count)));
  const commits: number[] = [];
  const began = performance.now();
  while (performance.now() - began < Number(duration)) {
    const batches = logs.map((log) => nextBatch(log, marks));
    const asked = performance.now();
    const outcomes = await Promise.all(store.sessions.append(batches));
    commits.push(performance.now() - asked);
    if (outcomes.includes("conflict")) throw new Error("a conflict with nobody");
  }
  const seconds = (performance.now() - began) / 1000;
  await store.close();
  rmSync(place, { recursive: true });
  const ranked = commits.toSorted((a, b) => a - b);
  const commitMs = (share: number) => Number(ranked[Math.floor(ranked.length * share)]?.toFixed(2));
  const marksPerSecond = Math.round((commits.length * sessions * marks) / seconds);
  return {
    sessions,
    marksPerBatch: marks,
    marksPerSecond,
    commitMs: { p50: commitMs(0.5), p99: commitMs(0.99) },
  };
}

const runs = [];
for (const [sessions, marks] of [
  [1, 1],
  [1, 10],
  [1, 100],
  [10, 1],
  [100, 1],
] as const)
  runs.push(await measure(sessions, marks));
console.log(JSON.stringify({ bench: "store-append", runs }));
