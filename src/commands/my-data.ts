import { noInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { Class } from "../core/people.ts";
import { nextTurn } from "../log/next-turn.ts";
import { factIn } from "../log/trail.ts";
import type { DatedRecord, HeldSession } from "../ports/store.ts";
import type { TrailEntry } from "../ports/trail.ts";
import { userAnswer } from "./answers.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { browserAnswer } from "./open-browser.ts";
import { usersWho } from "./policies.ts";
import { timeAnswer } from "./time-answer.ts";

const PAGE = 200;
const iso = (at: number) => new Date(at).toISOString();

/** PV1: everything that is held about whoever asks. */
export const myData = command({
  input: noInput,
  allow: usersWho("teacher", "student", "admin"),
  run: async ({ context, actor }) => {
    const { store, clock, browsers } = context;
    const user = await store.users.byId(actor.id);
    if (!user) return refuse("unauthorized");
    const trail = await all<TrailEntry, number>(
      (before, limit) => store.trail.search({ user: user.id, before: before ?? undefined, limit }),
      (entry) => entry.number,
    );
    const classes = await classesOf(context, user.id, trail);
    return ok({
      at: iso(clock.now()),
      user: {
        ...userAnswer(user),
        issuer: user.issuer,
        subject: user.subject,
        createdAt: iso(user.createdAt),
      },
      browsers: (await browsers.list(user.id)).map((one) => browserAnswer(one, actor.browser)),
      classes: classes.map((cls) => classShown(cls, user.id)),
      records: await recordsOf(context, classes, user.id),
      sessions: (await heldBy(context, user.id)).map(({ id, classId, startedAt }) => ({
        sessionId: id,
        classId,
        startedAt: iso(startedAt),
      })),
      said: (await store.chat.ofUser(user.id)).map(({ session: sessionId, at, text }) => ({
        sessionId,
        at: iso(at),
        text,
      })),
      trail: trail.map(deedShown),
    });
  },
});

/** Page after page, from the last; `key` names the entry that a page goes on from. */
async function all<T, Key>(
  read: (before: Key | null, limit: number) => Promise<readonly T[]>,
  key: (entry: T) => Key,
): Promise<T[]> {
  const found: T[] = [];
  for (let page = await read(null, PAGE); page.length > 0; ) {
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    await nextTurn();
    page = await read(key(last), PAGE);
  }
  return found;
}

/** Those that they teach, or on whose roll they are or were, archived ones too. */
async function classesOf({ store }: Context, user: UserId, trail: readonly TrailEntry[]): Promise<Class[]> {
  const known = new Map<ClassId, Class>();
  for (let page = await store.classes.page(null, PAGE); page.length > 0; ) {
    for (const cls of page)
      if (cls.teacherId === user || cls.studentIds.includes(user)) known.set(cls.id, cls);
    await nextTurn();
    page = await store.classes.page(page.at(-1)?.id ?? null, PAGE);
  }
  for (const entry of trail) {
    const id = entry.subject === user ? factIn(entry).class : undefined;
    const cls = id === undefined || known.has(id) ? null : await store.classes.byId(id);
    if (cls) known.set(cls.id, cls);
  }
  return [...known.values()];
}

const classShown = ({ id, name, teacherId, studentIds, archivedAt }: Class, user: UserId) => ({
  classId: id,
  className: name,
  role: teacherId === user ? ("teacher" as const) : ("student" as const),
  onRoll: studentIds.includes(user),
  archivedAt: archivedAt === null ? null : iso(archivedAt),
});

async function recordsOf({ store }: Context, classes: readonly Class[], user: UserId) {
  const records: DatedRecord[] = [];
  for (const { id } of classes) {
    const ofClass = await all<DatedRecord, SessionId>(
      (before, limit) => store.records.ofStudent(id, user, before, limit),
      ({ sessionId }) => sessionId,
    );
    records.push(...ofClass);
  }
  return records.map(({ sessionId, classId, status, since, by, startedAt, room }) => ({
    sessionId,
    classId,
    startedAt: iso(startedAt),
    status,
    since: iso(since),
    by,
    ...timeAnswer(room),
  }));
}

const heldBy = ({ store }: Context, teacherId: UserId): Promise<HeldSession[]> =>
  all<HeldSession, SessionId>(
    (before, limit) => store.sessions.held({ teacherId }, before, limit),
    ({ id }) => id,
  );

function deedShown(entry: TrailEntry) {
  const {
    class: classId = null,
    session: sessionId = null,
    from = null,
    to = null,
    times = 1,
  } = factIn(entry);
  const { number, deed, actor, subject, details } = entry;
  return { number, at: iso(entry.at), deed, actor, subject, classId, sessionId, from, to, times, details };
}
