import { sessionInput } from "../../protocol/http.ts";
import { csv } from "../core/csv.ts";
import { ok } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import { type TimeInRoom, timeInRoom } from "../core/presence/time-in-room.ts";
import { markedBy } from "../core/records.ts";
import type { LoadedLog } from "../log/load.ts";
import { nextTurn } from "../log/next-turn.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { teacherOfSession } from "./policies.ts";
import { attendees, bridgeOf, readLog } from "./session-log.ts";
import { proposalOf } from "./time-answer.ts";

export const CSV_HEADER = [
  ...["Name", "Email", "Status", "Since", "Marked by", "By way of", "Student ID"],
  ...["Minutes in room", "First in room", "Last in room", "Times in room"],
  ...["Short gaps counted", "By the rule"],
];
/** Students whose rows are made in one turn, 2 ms or so. */
const ROWS = 500;

/** HI3: the session's list as a file for spreadsheets. */
export const sessionCsv = command({
  input: sessionInput,
  allow: teacherOfSession,
  refusals: ["log-damaged"],
  run: async ({ context, actor, subject: { head } }) => {
    await context.visitors.settle(head.id);
    const read = await readLog(context, head);
    if (!read.ok) return read;
    const everyone = attendees(read.value.session);
    const rows: string[][] = [];
    for (let from = 0; from < everyone.length; from += ROWS) {
      rows.push(...(await rowsOf(context, read.value, everyone.slice(from, from + ROWS))));
      await nextTurn();
    }
    const fact = { deed: "exported", actor: actor.id, subject: null } as const;
    await context.trail.note({ ...fact, class: head.classId, session: head.id });
    const day = new Date(head.startedAt).toISOString().slice(0, 10);
    return ok({ name: `attendance-${day}-${head.id}.csv`, text: csv([CSV_HEADER, ...rows]) });
  },
});

async function rowsOf(context: Context, { session, log }: LoadedLog, students: readonly UserId[]) {
  const { store, clock } = context;
  const [now, bridgeMs] = [clock.now(), bridgeOf(context, session)];
  const marks = students.map((student) => session.marks.get(student));
  const givers = marks.flatMap((mark) => mark?.by ?? []);
  const people = await store.users.byIds([...new Set([...students, ...givers])]);
  const byId = new Map(people.map((user) => [user.id, user]));
  const end = log.findLast(({ type }) => type === "ended")?.seq ?? null;
  return students.map((student, index) => {
    const { name, email } = byId.get(student) ?? {};
    const who = [name ?? "", email ?? ""];
    const mark = marks[index];
    const time = timeInRoom(session, student, now, bridgeMs);
    const room = [...roomCells(time), proposalOf(session, student, time.inRoomMs) ?? ""];
    if (!mark) return [...who, "", "", "", "", student, ...room];
    const by = markedBy(student, mark, end);
    const giver = by === "system" || mark.by === null ? "system" : (byId.get(mark.by)?.name ?? mark.by);
    const via = by === "system" ? "system" : (log[mark.seq - 1]?.via ?? "");
    return [...who, mark.status, iso(mark.at), giver, via, student, ...room];
  });
}

const iso = (at: number) => new Date(at).toISOString();

/** PR16: minutes, to a hundredth, and each time from when to when as ISO 8601 has it; nothing for who was never there. */
function roomCells({ inRoomMs, intervals }: TimeInRoom): string[] {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (!first || !last) return ["", "", "", "", ""];
  const gaps = intervals.flatMap(({ bridged }) => bridged);
  return [
    (inRoomMs / 60_000).toFixed(2),
    iso(first.from),
    last.to === null ? "" : iso(last.to),
    intervals.map(({ from, to }) => spanOf(from, to)).join(" "),
    gaps.map(([from, to]) => spanOf(from, to)).join(" "),
  ];
}

const spanOf = (from: number, to: number | null): string => `${iso(from)}/${to === null ? ".." : iso(to)}`;
