import type { SessionId, UserId } from "../../src/core/ids.ts";
import { type LoadedLog, loadLog } from "../../src/log/load.ts";
import { verify } from "../../src/log/verify.ts";
import type { SessionHead } from "../../src/ports/store.ts";
import type { StoreReader } from "../../src/store/sqlite/index.ts";
import type { StormFigures } from "./figures.ts";
import type { Ledger, Report } from "./ledger.ts";

/** Holds the store against a class's ledger after a kill and a restart; settles the ledger. */
export async function checkClass(
  reader: StoreReader,
  ledger: Ledger,
  figures: StormFigures,
  report: Report,
): Promise<void> {
  const running = await reader.sessions.runningOf(ledger.cls.id);
  if (ledger.session === null && ledger.startAsked && running) ledger.session = running.id;
  if (running && running.id !== ledger.session) report("unsent", `nobody started session ${running.id}`);
  const head = ledger.session && (await reader.sessions.head(ledger.session));
  if (ledger.session && !head) report("lost", `session ${ledger.session} is gone`);
  const loaded = head && (await load(reader, head.id, report));
  const roll = (await reader.classes.byId(ledger.cls.id))?.studentIds ?? [];
  if (!loaded || !head) {
    ledger.checkRoll(roll, null, report);
    return ledger.settle(null, ledger.statuses);
  }
  ledger.checkMarks(loaded.log, figures, report);
  ledger.checkRoll(roll, loaded.session.endedAt === null ? loaded.session.roster : null, report);
  if (ledger.endAsked) figures[loaded.session.endedAt === null ? "endsNotHappened" : "endsWhole"]++;
  const wanted = statusesOf(loaded, roll);
  if (loaded.session.endedAt === null) await checkRunning(reader, ledger, head, running, report);
  else await checkEnded(reader, ledger, loaded, head, wanted, report);
  ledger.settle(loaded.session.endedAt === null ? head.id : null, wanted);
}

async function load(reader: StoreReader, id: SessionId, report: Report): Promise<LoadedLog | null> {
  try {
    return await loadLog(reader.sessions, id);
  } catch (error) {
    report("gaps", String(error));
    return null;
  }
}

/** The end, if one was asked for, has not happened: no trace of it anywhere. */
async function checkRunning(
  reader: StoreReader,
  ledger: Ledger,
  head: SessionHead,
  running: SessionHead | null,
  report: Report,
): Promise<void> {
  for (const end of ledger.ends()) report("lost", `an end that was told is gone: ${JSON.stringify(end)}`);
  if (running?.id !== head.id) report(null, `session ${head.id} has no end and does not run`);
  const records = await reader.records.ofSession(head.id);
  if (records.length > 0) report(null, `session ${head.id} runs and has ${records.length} records`);
}

/** The end is whole: every status, every record, the figures that were told, and nothing runs. */
async function checkEnded(
  reader: StoreReader,
  ledger: Ledger,
  { session, log }: LoadedLog,
  head: SessionHead,
  statuses: ReadonlyMap<UserId, string>,
  report: Report,
): Promise<void> {
  const ended = log.findLast((event) => event.type === "ended");
  if (ended?.type !== "ended") return report(null, `session ${head.id} has ended without an end`);
  const where = `session ${head.id}, ended,`;
  if (head.endedAt === null) report(null, `${where} counts as running`);
  if (head.projectedSeq !== session.headSeq) report(null, `${where} lacks its records after the restart`);
  const wanted = lines([...statuses]);
  if (wanted !== lines(ended.statuses)) report("lost", `${where} has other statuses than were marked`);
  const records = await reader.records.ofSession(head.id);
  const kept = lines(records.map(({ studentId, status }) => [studentId, status] as const));
  if (kept !== wanted) report("lost", `${where} has other records than were marked`);
  const { present, absent } = ended;
  for (const told of ledger.ends()) {
    const same = told.present === present && told.absent === absent && told.total === present + absent;
    if (!same) report(null, `${where} told ${JSON.stringify(told)} and holds ${present} and ${absent}`);
  }
}

/** What the marks come to, told from the log alone: the last mark of each, and at the end absent for the rest of the roll. */
function statusesOf({ session, log }: LoadedLog, roll: readonly UserId[]): Map<UserId, string> {
  const unmarked = session.endedAt === null ? [] : roll.filter((student) => session.roster.has(student));
  const statuses = new Map<UserId, string>(unmarked.map((student) => [student, "absent"]));
  for (const event of log) if (event.type === "marked") statuses.set(event.student, event.status);
  return statuses;
}

const lines = (statuses: readonly (readonly [UserId, string])[]): string =>
  statuses
    .map(([student, status]) => `${student} ${status}`)
    .sort()
    .join("\n");

/** `rollcall verify` over the sessions from `after` on (null: all of them); the audit chain is always walked whole. */
export async function verifyFrom(
  reader: StoreReader,
  after: SessionId | null,
  report: Report,
): Promise<void> {
  const { sessions } = reader;
  const page = (from: SessionId | null, limit: number) => sessions.page(from ?? after, limit);
  const { faults } = await verify({ ...reader, sessions: { ...sessions, page } });
  for (const fault of faults) report("gaps", fault);
}
