import { sessionPageInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import { timeInRoom } from "../core/presence/time-in-room.ts";
import type { LoggedEvent } from "../core/session/events.ts";
import { breadthOf, type Change, follow, type Histories } from "../core/session/history.ts";
import { nextTurn } from "../log/next-turn.ts";
import type { SessionHead } from "../ports/store.ts";
import { personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { heldAnswer } from "./list-sessions.ts";
import { pageOf } from "./page.ts";
import { teacherOfSession } from "./policies.ts";
import { attendees, bridgeOf, readLog } from "./session-log.ts";
import { proposalOf, proposedByAnswer, setByAnswer, timeAnswer } from "./time-answer.ts";

/** HI2: a session with a page of its students, and every change of each one's status as the log has it. */
export const showSession = command({
  input: sessionPageInput,
  allow: teacherOfSession,
  refusals: ["log-damaged"],
  run: ({ context, input, subject }) => sessionShown(context, input, subject),
});

interface Asked {
  readonly after?: UserId | undefined;
  readonly limit: number;
}

/** The session as whoever may see it is told of it. */
export async function sessionShown(
  context: Context,
  input: Asked,
  { head, cls }: { readonly head: SessionHead; readonly cls: Class },
) {
  await context.visitors.settle(head.id);
  const read = await readLog(context, head);
  if (!read.ok) return read;
  const { session, log } = read.value;
  const everyone = attendees(session);
  const from = input.after === undefined ? 0 : everyone.indexOf(input.after) + 1;
  const { entries, last } = await pageOf(context, input.limit, async (count) =>
    input.after !== undefined && from === 0 ? [] : everyone.slice(from, from + count),
  );
  const histories = await historiesOf(log, entries);
  const people = await peopleIn(context, entries, histories);
  const [now, bridgeMs] = [context.clock.now(), bridgeOf(context, session)];
  const [setBy, proposedBy] = [setByAnswer(session), proposedByAnswer(session)];
  const present = session.present;
  const held = { ...head, endedAt: session.endedAt, present, absent: session.marks.size - present };
  return ok({
    ...(await heldAnswer(context, held)),
    className: cls.name,
    ...(setBy && { setBy }),
    ...(proposedBy && { proposedBy }),
    students: entries.map((student) => {
      const time = timeInRoom(session, student, now, bridgeMs);
      const proposal = proposalOf(session, student, time.inRoomMs);
      return {
        ...person(people, student),
        status: session.marks.get(student)?.status ?? null,
        ...(proposal && { proposal }),
        history: (histories.get(student) ?? []).map((change) => changeAnswer(people, change)),
        ...timeAnswer(time),
      };
    }),
    next: last ?? null,
  });
}

/** Students that are followed in one turn, 1 ms or so. */
const BREADTH = 20_000;

async function historiesOf(log: readonly LoggedEvent[], students: readonly UserId[]): Promise<Histories> {
  const histories: Histories = new Map(students.map((student) => [student, []]));
  let done = 0;
  for (const event of log) {
    follow(histories, event);
    done += breadthOf(event);
    if (done < BREADTH) continue;
    done = 0;
    await nextTurn();
  }
  return histories;
}

type People = ReadonlyMap<UserId, User>;

async function peopleIn(
  { store }: Context,
  students: readonly UserId[],
  histories: Histories,
): Promise<People> {
  const givers = [...histories.values()].flatMap((changes) => changes.flatMap(({ by }) => by ?? []));
  const people = await store.users.byIds([...new Set([...students, ...givers])]);
  return new Map(people.map((user) => [user.id, user]));
}

/** Whoever is gone is shown by the id alone. */
function person(people: People, id: UserId) {
  const user = people.get(id);
  return user ? personAnswer(user) : { _id: id, name: null, email: null };
}

function changeAnswer(people: People, { seq, at, event, status, by, via }: Change) {
  const giver = by === null ? null : { _id: by, name: person(people, by).name };
  return { seq, at: new Date(at).toISOString(), event, status, by: giver, via };
}
