import { z } from "zod";
import { PlainClient } from "../e2e/plain-client.ts";
import type { Ledger, Report } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { ServerProcess } from "./server-process.ts";
import type { Pupil } from "./storm-school.ts";

/** Asks the restarted server as its clients do: a student of every class, and the teacher, hear what the log says. */
export async function askOverTheWire(
  server: ServerProcess,
  ledgers: readonly Ledger[],
  random: Random,
  report: Report,
): Promise<void> {
  await Promise.all(
    ledgers.map(async (ledger) => {
      const student = random.pick(ledger.roll);
      if (ledger.session === null) return askRecord(server, ledger, student, report);
      await askStatus(server, ledger, student, report);
      await askSummary(server, ledger, report);
    }),
  );
}

async function askRecord(
  server: ServerProcess,
  { cls, statuses }: Ledger,
  { id, token }: Pupil,
  report: Report,
): Promise<void> {
  const answer = await server.ask("GET", `/class/${cls.id}/my-attendance`, token);
  const { status } = z.object({ status: z.string().nullable() }).parse(answer?.data);
  const wanted = statuses.get(id) ?? null;
  if (status !== wanted) report("lost", `${id} is told the record ${status} and it is ${wanted}`);
}

async function askStatus(
  server: ServerProcess,
  { statuses }: Ledger,
  { id, token }: Pupil,
  report: Report,
): Promise<void> {
  const frame = { event: "MY_ATTENDANCE", data: { status: statuses.get(id) ?? "not yet updated" } };
  await expectAnswer(server, token, { event: frame.event }, frame, report);
}

async function askSummary(server: ServerProcess, { cls, statuses }: Ledger, report: Report): Promise<void> {
  const present = [...statuses.values()].filter((status) => status === "present").length;
  const absent = statuses.size - present;
  const frame = { event: "TODAY_SUMMARY", data: { present, absent, total: statuses.size } };
  const asked = { event: frame.event, data: { classId: cls.id } };
  await expectAnswer(server, cls.teacher.token, asked, frame, report);
}

async function expectAnswer(
  server: ServerProcess,
  token: string,
  asked: object,
  wanted: object,
  report: Report,
): Promise<void> {
  const client = await PlainClient.open(server.socketUrl(token));
  client.sendRaw(JSON.stringify(asked));
  const told = await client.next();
  if (!Bun.deepEquals(told, wanted))
    report("lost", `told ${JSON.stringify(told)} where it is ${JSON.stringify(wanted)}`);
  await client.close();
}
