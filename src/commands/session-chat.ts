import { chatPageInput } from "../../protocol/chat.ts";
import { sessionInput } from "../../protocol/http.ts";
import { csv } from "../core/csv.ts";
import { ok } from "../core/errors.ts";
import type { SessionId } from "../core/ids.ts";
import { nextTurn } from "../log/next-turn.ts";
import type { ChatMessage, ChatPlace } from "../ports/chat.ts";
import type { SessionHead } from "../ports/store.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { pageOf } from "./page.ts";
import { anySession, teacherOfSession } from "./policies.ts";

/** CH1: what was said in the session's room, where the class kept it. */
export const showChat = command({
  input: chatPageInput,
  allow: teacherOfSession,
  run: async ({ context, input, subject: { head } }) => ok(await said(context, head.id, input)),
});

/** CH2: the same for administrators, whose reading is in the trail. */
export const showAnyChat = command({
  input: chatPageInput,
  allow: anySession,
  run: async ({ context, actor, input, subject: { head } }) => {
    await context.trail.note({ deed: "chat-read", actor: actor.id, subject: null, ...about(head) });
    return ok(await said(context, head.id, input));
  },
});

const HEADER = ["Time", "Name", "Text", "User ID"];
/** Messages whose rows are made in one turn, 2 ms or so. */
const ROWS = 1000;

/** CH3: the same as a file for spreadsheets. */
export const chatCsv = command({
  input: sessionInput,
  allow: teacherOfSession,
  run: async ({ context, actor, subject: { head } }) => {
    const rows: string[][] = [];
    let last: ChatMessage | null = null;
    do {
      const page = await context.store.chat.page(head.id, last, ROWS);
      const named = await withNames(context, page);
      rows.push(...named.map(({ at, user, text }) => [at, user.name ?? "", text, user._id]));
      last = page.at(-1) ?? null;
      await nextTurn();
    } while (last !== null);
    await context.trail.note({ deed: "exported", actor: actor.id, subject: null, ...about(head) });
    const day = new Date(head.startedAt).toISOString().slice(0, 10);
    return ok({ name: `chat-${day}-${head.id}.csv`, text: csv([HEADER, ...rows]) });
  },
});

const about = ({ id, classId }: SessionHead) => ({ class: classId, session: id });

interface Asked {
  readonly after?: string | undefined;
  readonly limit: number;
}

async function said(context: Context, session: SessionId, { after, limit }: Asked) {
  const { entries, last } = await pageOf(context, limit, (count) =>
    context.store.chat.page(session, after === undefined ? null : placeIn(after), count),
  );
  return { messages: await withNames(context, entries), next: last ? `${last.at}.${last.id}` : null };
}

function placeIn(cursor: string): ChatPlace {
  const dot = cursor.indexOf(".");
  return { at: Number(cursor.slice(0, dot)), id: cursor.slice(dot + 1) };
}

/** Whoever is not known any more has no name. */
async function withNames({ store }: Context, messages: readonly ChatMessage[]) {
  const people = await store.users.byIds([...new Set(messages.map(({ user }) => user))]);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return messages.map(({ id, at, user, text }) => ({
    id,
    at: new Date(at).toISOString(),
    user: { _id: user, name: names.get(user) ?? null },
    text,
  }));
}
