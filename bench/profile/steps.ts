import { markInput } from "../../protocol/plain.ts";
import { parseInput } from "../../src/commands/command.ts";
import { GENESIS } from "../../src/core/batch.ts";
import type { UserId } from "../../src/core/ids.ts";
import { mark } from "../../src/core/session/decide.ts";
import type { LoggedEvent, Stamp } from "../../src/core/session/events.ts";
import { apply, begin } from "../../src/core/session/state.ts";
import { plainEncoder } from "../../src/dialects/plain.ts";
import { newClassId, newRoomId, newSessionId } from "../../src/ids.ts";
import { sealBatch } from "../../src/log/seal.ts";
import type { Assembled } from "./assembled.ts";
import { cpuNs, cpuNsAsync, type Loop } from "./loop.ts";

/** Each step of a mark's way, and the whole way, in ns of CPU. */
export interface Steps {
  readonly decode: number;
  readonly validate: number;
  readonly decide: number;
  readonly seal: number;
  readonly append: number;
  readonly encode: number;
  readonly publish: number;
}

/** Measures the real functions, each alone, and then a mark's whole way through all of them but the disk. */
export async function steps(server: Assembled, loop: Loop): Promise<Steps & { readonly wholeWay: number }> {
  const { store, students, runtime } = server;
  const turns = Array.from({ length: loop.batch }, (_, n) => n);
  const who = (n: number): UserId => students[n % students.length] ?? students[0] ?? fail();
  const data = turns.map((n) => ({ studentId: who(n), status: "present" as const }));
  const marks = data.map((each) => JSON.stringify({ event: "ATTENDANCE_MARKED", data: each }));
  // A verb that does nothing but answer, with as much to read as a mark.
  const pings = data.map((each) => JSON.stringify({ event: "PING", data: each }));
  const log = logOf(server);
  const whom = () => turns.map(who);
  // As in a class of which all speak the plain dialect: the hub puts nothing into words that nobody hears.
  const { name, encode } = plainEncoder;
  const { teacher, student } = encode(log.session, log.told(whom()));
  const told = log.told(whom());
  // Its batches are never written: they go into a log of their own.
  const unwritten = logOf(server);
  const seal = cpuNs(loop, () => void unwritten.seal(whom()));
  return {
    decode: cpuNs(loop, () => pings.forEach((frame) => void server.receive(frame))),
    validate: cpuNs(loop, () => data.forEach((each) => void parseInput(markInput, each))),
    decide: cpuNs(loop, () => turns.forEach((n) => void log.decide(who(n)))),
    seal,
    append: (await cpuNsAsync(loop, () => Promise.all(store.sessions.append([log.seal(whom())])))) - seal,
    encode: cpuNs(loop, () => void encode(log.session, told)),
    publish: cpuNs(loop, () => {
      for (const frame of teacher) runtime.publish(`${log.session.classId}/${name}/teacher`, frame);
      for (const frame of student) runtime.publish(`${log.session.classId}/${name}/student`, frame);
    }),
    wholeWay: await cpuNsAsync(loop, () =>
      Promise.all(marks.map((frame) => server.receive(frame)?.finished)),
    ),
  };
}

function fail(): never {
  throw new Error("a school without students");
}

/** A log of its own, in the server's store. */
function logOf({ store, teacher, students }: Assembled) {
  const id = newSessionId();
  const classId = newClassId();
  const stamp: Stamp = { at: Date.now(), by: teacher, via: "plain" };
  const started = {
    type: "started",
    classId,
    teacherId: teacher,
    roomId: newRoomId(),
    roster: students,
  } as const;
  const first: LoggedEvent = { ...started, ...stamp, seq: 1 };
  const session = begin(id, first);
  let batch = sealBatch(id, { number: 0, hash: GENESIS }, "profile", [first]);
  const { roomId, startedAt } = session;
  const head = {
    id,
    classId,
    teacherId: teacher,
    roomId,
    startedAt,
    endedAt: null,
    headSeq: 1,
    projectedSeq: 0,
  };
  // Runs at once: the store's SQLite has no later.
  void store.sessions.start(head, batch);
  const events = (whom: readonly UserId[], after: number): LoggedEvent[] =>
    whom.map((student, n) => ({ type: "marked", student, status: "present", ...stamp, seq: after + 1 + n }));
  return {
    session,
    decide(student: UserId) {
      const decision = mark(session, student, "present");
      if (decision.ok)
        for (const event of decision.events) apply(session, { seq: session.headSeq + 1, ...stamp, ...event });
    },
    seal(whom: readonly UserId[]) {
      batch = sealBatch(id, batch, "profile", events(whom, batch.lastSeq));
      return batch;
    },
    told: (whom: readonly UserId[]) => ({
      items: events(whom, 1),
      range: [2, 1 + whom.length] as const,
    }),
  };
}
