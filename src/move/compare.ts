import type { AttendanceRecord } from "../core/records.ts";
import { OPEN_DOOR } from "../core/room/door.ts";
import type { SessionHead, Store } from "../ports/store.ts";
import { rulesOf } from "./doors.ts";
import {
  pagesOfAudit,
  pagesOfChat,
  pagesOfClasses,
  pagesOfSessions,
  pagesOfTrail,
  pagesOfUsers,
  type Source,
} from "./parts.ts";

/** How many there are of everything, on one side. */
export type Counts = Readonly<Record<Kind, number>>;

const KINDS = [
  "users",
  "classes",
  "sessions",
  "batches",
  "records",
  "messages",
  "audit entries",
  "trail entries",
] as const;
type Kind = (typeof KINDS)[number];

export interface Comparison {
  readonly source: Counts;
  readonly target: Counts;
  /** A sentence for each of the first things that are not alike; empty where all is the same. */
  readonly differences: readonly string[];
}

/** So many differences say enough. */
const TOLD_MAX = 20;

/** Reads both sides whole, classes, sessions and audit chain in their orders, and says where they are not the same. */
export async function compare(source: Source, target: Store): Promise<Comparison> {
  const comparing = new Comparing(source, target);
  await comparing.users();
  await comparing.classes();
  await comparing.sessions();
  await comparing.audit();
  await comparing.trail();
  return comparing;
}

class Comparing implements Comparison {
  readonly source = zeros();
  readonly target = zeros();
  readonly differences: string[] = [];

  constructor(
    private readonly from: Source,
    private readonly to: Store,
  ) {}

  async users(): Promise<void> {
    for await (const page of pagesOfUsers(this.from)) {
      const there = new Map(
        (await this.to.users.byIds(page.map(({ id }) => id))).map((user) => [user.id, user]),
      );
      for (const user of page) this.#compare(user, there.get(user.id), () => `user ${user.id}`);
      this.source.users += page.length;
    }
    this.target.users = await this.to.users.count();
    this.#compare(this.source.users, this.target.users, () => "the number of users");
  }

  async classes(): Promise<void> {
    await inStep(pagesOfClasses(this.from), pagesOfClasses(this.to), (one, other) => {
      this.#count("classes", [one], [other]);
      this.#compare(one, other, () => `class ${(one ?? other)?.id}`);
    });
  }

  async sessions(): Promise<void> {
    await inStep(pagesOfSessions(this.from), pagesOfSessions(this.to), async (one, other) => {
      this.#count("sessions", [one], [other]);
      const where = `session ${(one ?? other)?.id}`;
      this.#compare(one, other, () => `the head row of ${where}`);
      const logs = await Promise.all([logOf(this.from, one), logOf(this.to, other)]);
      this.#count("batches", ...logs);
      this.#compare(...logs, () => `the log of ${where}`);
      const records = await Promise.all([recordsOf(this.from, one), recordsOf(this.to, other)]);
      this.#count("records", ...records);
      this.#compare(...records, () => `the records of ${where}`);
      if (one?.endedAt === null) await this.#door(one, where);
      await this.#chat(one ?? other, where);
    });
  }

  async #door({ id }: SessionHead, where: string): Promise<void> {
    const doors = await Promise.all([this.from.doors.read(id), this.to.doors.read(id)]);
    const [ours, theirs] = doors.map((door) => rulesOf(door ?? OPEN_DOOR));
    this.#compare(ours, theirs, () => `who may come into the room of ${where}`);
  }

  async #chat(session: SessionHead | undefined, where: string): Promise<void> {
    if (!session) return;
    const sides = [pagesOfChat(this.from, session.id), pagesOfChat(this.to, session.id)] as const;
    await inStep(...sides, (one, other) => {
      this.#count("messages", [one], [other]);
      this.#compare(one, other, () => `what was said in ${where}`);
    });
  }

  async audit(): Promise<void> {
    await inStep(pagesOfAudit(this.from), pagesOfAudit(this.to), (one, other) => {
      this.#count("audit entries", [one], [other]);
      this.#compare(one, other, () => `audit entry ${(one ?? other)?.number}`);
    });
  }

  async trail(): Promise<void> {
    await inStep(pagesOfTrail(this.from), pagesOfTrail(this.to), (one, other) => {
      this.#count("trail entries", [one], [other]);
      this.#compare(one, other, () => `trail entry ${(one ?? other)?.number}`);
    });
  }

  #count(kind: Kind, ours: readonly unknown[], theirs: readonly unknown[]): void {
    const there = (things: readonly unknown[]) => things.filter((thing) => thing !== undefined).length;
    this.source[kind] += there(ours);
    this.target[kind] += there(theirs);
  }

  #compare(one: unknown, other: unknown, what: () => string): void {
    if (this.differences.length >= TOLD_MAX || Bun.deepEquals(one, other)) return;
    this.differences.push(`${what()} is not the same on both sides`);
  }
}

const zeros = (): Record<Kind, number> => ({
  users: 0,
  classes: 0,
  sessions: 0,
  batches: 0,
  records: 0,
  messages: 0,
  "audit entries": 0,
  "trail entries": 0,
});

const logOf = async ({ sessions }: Source, head: SessionHead | undefined) =>
  head ? await sessions.read(head.id, 0) : [];

const recordsOf = async ({ records }: Source, head: SessionHead | undefined): Promise<AttendanceRecord[]> =>
  head ? (await records.ofSession(head.id)).sort((a, b) => (a.studentId < b.studentId ? -1 : 1)) : [];

/** Walks both to the end of the longer one; `each` gets the items at the same place, undefined where there is none. */
async function inStep<T>(
  ours: AsyncGenerator<T[]>,
  theirs: AsyncGenerator<T[]>,
  each: (one: T | undefined, other: T | undefined) => Promise<void> | void,
): Promise<void> {
  const [left, right] = [items(ours), items(theirs)];
  for (;;) {
    const [one, other] = await Promise.all([left.next(), right.next()]);
    if (one.done && other.done) return;
    await each(one.value, other.value);
  }
}

async function* items<T>(pages: AsyncGenerator<T[]>): AsyncGenerator<T, undefined> {
  for await (const page of pages) yield* page;
}
