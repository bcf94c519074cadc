import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { Assembled } from "./assembled.ts";
import { cpuNs, type Loop } from "./loop.ts";
import type { Steps } from "./steps.ts";

/** What each step cannot cost less than: the bare call of the library that does it. */
export function floors(folder: string, loop: Loop, { students, teacher, session }: Assembled): Steps {
  const turns = Array.from({ length: loop.batch }, (_, n) => n);
  const data = turns.map((n) => ({ studentId: students[n % students.length], status: "present" }));
  const marks = data.map((each) => ({ event: "ATTENDANCE_MARKED", data: each }));
  const texts = marks.map((each) => JSON.stringify(each));
  const events = data.map(({ studentId: student, status }, n) => {
    return { type: "marked", student, status, seq: n + 2, at: Date.now(), by: teacher, via: "plain" };
  });
  const batch = { session, number: 1, prev: "0".repeat(64), writer: crypto.randomUUID(), events };
  return {
    decode: cpuNs(loop, () => texts.forEach((text) => void JSON.parse(text))),
    validate: 0,
    decide: 0,
    seal: cpuNs(loop, () => void hash(JSON.stringify(batch))),
    append: appending(folder, loop, JSON.stringify(batch)),
    encode: cpuNs(loop, () => marks.forEach((each) => void JSON.stringify(each))),
    publish: publishing(loop, texts),
  };
}

const hash = (text: string): string => Bun.SHA256.hash(text, "hex");

/** One row for the marks of a turn, committed to disk as the store does it. */
function appending(folder: string, loop: Loop, body: string): number {
  const db = new Database(join(folder, "floor.db"));
  db.run("PRAGMA journal_mode = WAL");
  db.run("PRAGMA synchronous = FULL");
  db.run("CREATE TABLE floor (number INTEGER PRIMARY KEY, hash TEXT, body TEXT)");
  const insert = db.prepare<unknown, [string, string]>("INSERT INTO floor (hash, body) VALUES (?1, ?2)");
  const hashed = hash(body);
  const ns = cpuNs(loop, () => void insert.run(hashed, body));
  db.close();
  return ns;
}

/** One publish to the teachers and one to the students: the contract sends them at different times. */
function publishing(loop: Loop, texts: readonly string[]): number {
  const server = Bun.serve({ port: 0, fetch: () => new Response(), websocket: { message: () => undefined } });
  const ns = cpuNs(loop, () => {
    for (const text of texts) {
      server.publish("0123456789abcdef01234567/plain/teacher", text);
      server.publish("0123456789abcdef01234567/plain/student", text);
    }
  });
  void server.stop(true);
  return ns;
}
