import type { SessionId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import type { ChatMessage } from "../ports/chat.ts";
import type { AuditEntry, SessionHead, Store } from "../ports/store.ts";
import type { TrailEntry } from "../ports/trail.ts";

/** What is read of a store that is moved. Nothing in it writes. */
export interface Source {
  readonly users: Pick<Store["users"], "page">;
  readonly classes: Pick<Store["classes"], "page">;
  readonly sessions: Pick<Store["sessions"], "pageByStart" | "read">;
  readonly records: Pick<Store["records"], "ofSession">;
  readonly doors: Pick<Store["doors"], "read">;
  readonly chat: Pick<Store["chat"], "page">;
  readonly audit: Pick<Store["audit"], "read">;
  readonly trail: Pick<Store["trail"], "read">;
  readonly origin: Pick<Store["origin"], "read">;
}

/** Where from, where to, and who is told how far it is. */
export interface Move {
  readonly source: Source;
  readonly target: Store;
  /** Takes a line for an operator. */
  readonly tell: (line: string) => void;
}

/** So many users, classes, sessions or audit entries are read at once. */
const PAGE = 200;

export const pagesOfUsers = ({ users }: Source) =>
  pages<User>((last) => users.page("", last?.id ?? null, PAGE));

export const pagesOfClasses = ({ classes }: Source) =>
  pages<Class>((last) => classes.page(last?.id ?? null, PAGE));

/** Sessions in the order of their starts. */
export const pagesOfSessions = ({ sessions }: Source) =>
  pages<SessionHead>((last) => sessions.pageByStart(last?.id ?? null, PAGE));

/** What was said in a session, in its order. */
export const pagesOfChat = ({ chat }: Pick<Source, "chat">, session: SessionId) =>
  pages<ChatMessage>((last) => chat.page(session, last, PAGE));

/** The audit chain behind the entry of this number. */
export const pagesOfAudit = ({ audit }: Source, after = 0) =>
  pages<AuditEntry>((last) => audit.read(last?.number ?? after, PAGE));

/** The trail behind the entry of this number. */
export const pagesOfTrail = ({ trail }: Pick<Source, "trail">, after = 0) =>
  pages<TrailEntry>((last) => trail.read(last?.number ?? after, PAGE));

/** Page after page; `next` gives the one behind an item, an empty one at the end. */
async function* pages<T>(next: (last: T | null) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let page = await next(null); page.length > 0; page = await next(page.at(-1) ?? null)) yield page;
}
