import type { ClassId, UserId } from "../../src/core/ids.ts";
import { type Class, localUser, type Role, type User } from "../../src/core/people.ts";
import { lettingIn, OPEN_DOOR, removing } from "../../src/core/room/door.ts";
import { end, enrol, enter, mark, markMany, undo, withdraw } from "../../src/core/session/decide.ts";
import { AuditLog } from "../../src/log/audit.ts";
import type { LiveSession } from "../../src/log/live-session.ts";
import { Sessions } from "../../src/log/sessions.ts";
import type { Source } from "../../src/move/parts.ts";
import type { Store } from "../../src/ports/store.ts";
import { classId, NOON, userId } from "../contracts/batches.ts";

const BCRYPT = "$2b$04$abcdefghijklmnopqrstuuG8E0ZzFpzh8vRq5pQ5T1lS8hV6eJY1W";
const head: UserId = userId(0xfeed);

/** Every kind of user that there is. */
const users = (students: number): User[] => [
  person(0xfeed, "teacher", { email: "head@school.test" }),
  person(0xadd, "admin", { tokensFrom: NOON }),
  person(0xb0b, "teacher", { disabled: true }),
  person(0x155, "student", {
    name: null,
    email: null,
    passwordHash: null,
    issuer: "https://id",
    subject: "auth0|x",
  }),
  ...Array.from({ length: students }, (_, n) =>
    person(n + 1, "student", n % 2 ? { passwordHash: BCRYPT } : {}),
  ),
];

function person(count: number, role: Role, changes: Partial<User> = {}): User {
  const email = `user${count}@school.test`;
  const local = {
    id: userId(count),
    name: `Ünsal ${count} 😀`,
    email,
    role,
    passwordHash: `$argon2id$${count}`,
  };
  return { ...localUser({ ...local, createdAt: NOON + count }), ...changes };
}

export interface School {
  /** Command ids that are in the logs. */
  readonly commands: readonly string[];
  /** The class that has a running session. */
  readonly running: ClassId;
}

/**
 * Fills a store with what a school leaves in one: classes, made in another order than their ids', one of them
 * archived; sessions that ended, one whose records are behind, and one that runs; an audit chain.
 */
export async function fill(store: Store, rounds = 2, students = 5): Promise<School> {
  for (const user of users(students)) await store.users.add(user);
  let now = NOON;
  const clock = { now: () => now++ };
  const commands: string[] = [];
  const [sessions, troubled] = sessionsOf(store, clock);
  const classes = [7, 3, 5].map((count) => classOf(count, students));
  for (const one of classes) await store.classes.add(one);
  for (let round = 0; round < rounds; round++) {
    // The clock goes back between the sessions: their order is that of their starts all the same.
    now -= 10_000;
    const held = await Promise.all(classes.map((one) => hold(sessions, one, commands)));
    for (const [index, live] of held.entries()) {
      await say(store, live.session);
      await close(live, classes[index]);
    }
  }
  await store.classes.archive(classId(7), now);
  const left = await hold(sessions, classOf(5, students), commands);
  await shut(store, left.session);
  await sessions.auditHeads();
  await sessions.idle();
  if (troubled.length > 0) throw new Error(troubled.join());
  await leaveBehind(store);
  return { commands, running: left.session.classId };
}

const classOf = (count: number, students: number): Class => ({
  id: classId(count),
  name: `Class „${count}“`,
  teacherId: head,
  studentIds: Array.from({ length: students }, (_, n) => userId(students - n)),
  archivedAt: null,
  settings: { presence: { kind: "share", percent: 10 * count, apply: "set" }, keepsChat: true },
});

/** Sessions over a store, without a server, and what troubled them. */
export function sessionsOf(store: Store, clock: { now: () => number }): [Sessions, string[]] {
  const troubled: string[] = [];
  const sessions = new Sessions({
    store,
    clock,
    audit: new AuditLog(store.audit, clock),
    writer: "school",
    tailEvents: 0,
    publish: () => undefined,
    report: () => undefined,
    troubled: (what) => troubled.push(what),
  });
  return [sessions, troubled];
}

/** A session with every kind of event; it runs on. */
async function hold(sessions: Sessions, cls: Class, commands: string[]): Promise<LiveSession> {
  const author = () => {
    const id = `command-${commands.length}`;
    commands.push(id);
    return { by: head, via: "v1", command: { id, digest: `digest of ${id}` } } as const;
  };
  const started = await sessions.start(cls, author());
  if (!started.ok) throw new Error(started.code);
  const { live } = started.value;
  const [late, gone] = [userId(0x155), userId(2)];
  await live.commit(author(), (session) => mark(session, userId(1), "absent"));
  await live.commit(author(), (session) => enrol(session, late));
  await live.commit({ by: head, via: "plain" }, (session) => withdraw(session, gone));
  await live.commit(author(), (session) => markMany(session, "rest", "present"));
  await live.commit(author(), (session) => undo(session, 5));
  for (const student of cls.studentIds.filter((one) => one !== gone))
    await live.commit(author(), (session) => mark(session, student, "present"));
  const passage = { device: "socket school 1", when: 1_700_000_000_000, witness: "socket" } as const;
  const server = { by: null, via: "system" } as const;
  await live.commit(server, (session) => enter(session, { user: userId(1), ...passage }));
  return live;
}

/** What is said in its room, several things in one moment. */
async function say(store: Store, { id }: LiveSession["session"]): Promise<void> {
  for (let n = 0; n < 5; n++)
    await store.chat.add({
      id: `${id} ${9 - n}`,
      session: id,
      at: NOON + Math.floor(n / 2),
      user: userId(n + 1),
      text: `Which page? ${n} 😀`,
    });
}

/** Locked in two steps, with one student removed and one let in. */
async function shut(store: Store, { id }: LiveSession["session"]): Promise<void> {
  const door = removing(OPEN_DOOR, userId(3));
  await store.doors.write(id, door);
  await store.doors.write(id, lettingIn({ ...door, state: "locked" }, userId(4)));
}

/** One class lets its rule propose marks, the others let it set them. */
async function close(live: LiveSession, cls: Class | undefined): Promise<void> {
  const apply = cls?.id === classId(3) ? "propose" : "set";
  const rule = { kind: "minutes", minutes: 1, apply } as const;
  await live.commit({ by: head, via: "http" }, (session, at) =>
    end(session, cls?.studentIds ?? [], { at, bridgeMs: 60_000, rule }),
  );
}

/** The records of the first session are lost, as after a crash between an end and its records. */
async function leaveBehind(store: Store): Promise<void> {
  const [first] = await store.sessions.pageByStart(null, 1);
  if (first) await store.records.project(first.id, [], 0);
}

/** All that a store holds, in its orders. */
export async function contents(store: Source) {
  const heads = await store.sessions.pageByStart(null, 100_000);
  const logs = await Promise.all(heads.map(({ id }) => store.sessions.read(id, 0)));
  const records = await Promise.all(heads.map(({ id }) => store.records.ofSession(id)));
  const said = await Promise.all(heads.map(({ id }) => store.chat.page(id, null, 100_000)));
  const doors = await Promise.all(heads.map(({ id }) => store.doors.read(id)));
  return {
    said,
    // Each store counts the changes that it was told of.
    doors: doors.map((door) => door && { ...door, version: 1 }),
    users: await store.users.page("", null, 100_000),
    classes: await store.classes.page(null, 100_000),
    heads,
    logs,
    records: records.map((some) => some.toSorted((a, b) => (a.studentId < b.studentId ? -1 : 1))),
    audit: await store.audit.read(0, 100_000),
  };
}

/** Where the head's commands are, by their ids. */
export const places = (store: Store, { commands }: School) =>
  Promise.all(commands.map((id) => store.sessions.commandsOf(head, id)));
