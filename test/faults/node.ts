import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import { ok, type Result } from "../../src/core/errors.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { Class } from "../../src/core/people.ts";
import { end, mark, statusOf, summarise } from "../../src/core/session/decide.ts";
import type { Status } from "../../src/core/session/events.ts";
import { AuditLog } from "../../src/log/audit.ts";
import type { Committed, LiveSession, Told } from "../../src/log/live-session.ts";
import { Sessions } from "../../src/log/sessions.ts";
import type { Store } from "../../src/ports/store.ts";
import { classId, teacher } from "../core/arbitrary.ts";

const clock = { now: () => 1_700_000_000_000 };
export const author = { by: teacher, via: "plain" } as const;

/** The class that all these tests are about. */
export async function addClass(store: Store, roll: readonly UserId[]): Promise<Class> {
  const cls: Class = {
    id: classId,
    name: "9b",
    teacherId: teacher,
    studentIds: [],
    archivedAt: null,
    settings: SETTINGS_AT_FIRST,
  };
  await store.classes.add(cls);
  for (const student of roll) await store.classes.addStudent(classId, student, roll.length);
  return { ...cls, studentIds: roll };
}

type Item = Told["items"][number];

/** A server's sessions over a store, without sockets: what it told its classes and what troubled it. */
export class Node {
  readonly told: Item[] = [];
  /** The ranges of what was told, a start's too. */
  readonly ranges: Told["range"][] = [];
  readonly troubles: string[] = [];
  /** A dialect that is told; a test may let it break. */
  onTold: () => void = () => undefined;
  readonly sessions: Sessions;
  #listening: (() => void)[] = [];

  constructor(
    readonly store: Store,
    writer = "one",
  ) {
    this.sessions = new Sessions({
      store,
      clock,
      writer,
      audit: new AuditLog(store.audit, clock),
      tailEvents: 1000,
      publish: (_session, { items, range }) => {
        this.ranges.push(range);
        // A start is told too, in rollcall.v1; these tests are about what follows it.
        this.told.push(...items.filter((item) => item.type !== "started"));
        for (const listen of this.#listening.splice(0)) listen();
        this.onTold();
      },
      report: () => undefined,
      troubled: (what) => this.troubles.push(what),
    });
  }

  /** The names of what was told, in order. */
  get names(): string[] {
    return this.told.map((item) => item.type);
  }

  /** Resolves once something of this name has been told. */
  async until(name: Item["type"]): Promise<void> {
    while (!this.names.includes(name)) await new Promise<void>((heard) => this.#listening.push(heard));
  }

  get live(): LiveSession {
    const live = this.sessions.memory.ofClass(classId);
    if (!live) throw new Error("no session runs");
    return live;
  }

  mark(student: UserId, status: Status = "present"): Promise<Result<Status>> {
    return ruledBy(this.live.commit(author, (now) => mark(now, student, status)));
  }

  statusOf(student: UserId): Promise<Result<Status | null>> {
    return this.live.ask((now) => statusOf(now, student));
  }

  summarise() {
    return this.live.ask(summarise);
  }

  end(roll: readonly UserId[]) {
    return ruledBy(this.live.commit(author, (now) => end(now, roll)));
  }
}

/** What the rule gave; there are no resends here. */
async function ruledBy<T>(committed: Promise<Result<Committed<T>>>): Promise<Result<T>> {
  const result = await committed;
  if (!result.ok) return result;
  if (result.value.value === undefined) throw new Error("a resend, where there are none");
  return ok(result.value.value);
}
