import { GENESIS, type SealedBatch, type StoredBatch } from "../../src/core/batch.ts";
import {
  type ClassId,
  isClassId,
  isRoomId,
  isSessionId,
  isUserId,
  type SessionId,
  type UserId,
} from "../../src/core/ids.ts";
import type { CommandRef, LoggedEvent, SessionEvent } from "../../src/core/session/events.ts";
import type { SessionHead } from "../../src/ports/store.ts";

/** The id made of a number, so that tests are alike in every run. */
function numbered<T extends string>(guard: (text: string) => text is T): (count: number) => T {
  return (count) => {
    const id = count.toString(16).padStart(24, "0");
    if (!guard(id)) throw new Error(`not an id: ${id}`);
    return id;
  };
}

export const userId = numbered(isUserId);
export const classId = numbered(isClassId);
export const sessionId = numbered(isSessionId);
const roomId = numbered(isRoomId);

export const teacher: UserId = userId(0xfeed);

/** When a test's session starts, milliseconds since the epoch. */
export const NOON = Date.UTC(2026, 0, 5, 12);

/** What the batch is made to say instead of what would follow. */
type Lie = Partial<Pick<SealedBatch, "number" | "prev" | "firstSeq" | "writer">>;

/** The batch that holds `events` and follows `last` (null: the log's first), unless it is made to lie. */
function batchAfter(
  last: SealedBatch | null,
  session: SessionId,
  events: readonly SessionEvent[],
  lie: Lie & { at?: number } = {},
): SealedBatch {
  const number = lie.number ?? (last?.number ?? 0) + 1;
  const prev = lie.prev ?? last?.hash ?? GENESIS;
  const firstSeq = lie.firstSeq ?? (last?.lastSeq ?? 0) + 1;
  const writer = lie.writer ?? "one";
  const logged = events.map((event, index): LoggedEvent => {
    return { by: teacher, ...event, seq: firstSeq + index, at: lie.at ?? NOON, via: "plain" };
  });
  const ended = logged.find((event) => event.type === "ended");
  const body = JSON.stringify({ session, number, prev, writer, events: logged });
  return {
    sessionId: session,
    number,
    prev,
    writer,
    firstSeq,
    lastSeq: firstSeq + events.length - 1,
    endedAt: ended?.at ?? null,
    events: logged,
    body,
    hash: new Bun.CryptoHasher("sha256").update(body).digest("hex"),
  };
}

/** Marks made after `last`: the `count` students from 1 on are present. */
export const marksAfter = (last: SealedBatch, count = 1, lie: Lie = {}): SealedBatch =>
  batchAfter(last, last.sessionId, marks(count), lie);

/** A commit of marks after `last`, one for each command, by its author. */
export function commandsAfter(
  last: SealedBatch,
  ...commands: readonly { readonly by: UserId; readonly command: CommandRef }[]
): SealedBatch {
  const events = commands.map(({ by, command }) => ({ ...mark(1), by, command }));
  return batchAfter(last, last.sessionId, events);
}

const marks = (count: number): SessionEvent[] => Array.from({ length: count }, (_, index) => mark(index + 1));

const mark = (student: number): SessionEvent => ({
  type: "marked",
  student: userId(student),
  status: "present",
});

/** The end of a session, at `at`. */
export const endAfter = (last: SealedBatch, at: number): SealedBatch =>
  batchAfter(last, last.sessionId, [{ type: "ended", statuses: [], present: 0, absent: 0 }], { at });

/** A head row and the first batch of session `count` of a class, started `count` minutes past noon. */
export function beginning(count: number, of: ClassId): { head: SessionHead; first: SealedBatch } {
  const id = sessionId(count);
  const room = roomId(count);
  const startedAt = NOON + count * 60_000;
  const first = batchAfter(
    null,
    id,
    [{ type: "started", classId: of, teacherId: teacher, roomId: room, roster: [userId(1), userId(2)] }],
    { at: startedAt },
  );
  const head = { id, classId: of, teacherId: teacher, roomId: room, startedAt, endedAt: null, headSeq: 1 };
  return { head: { ...head, projectedSeq: 0 }, first };
}

/** The batch as the store gives it back. */
export const stored = ({ sessionId, number, body, hash }: SealedBatch): StoredBatch => ({
  sessionId,
  number,
  body,
  hash,
});
