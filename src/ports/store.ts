import type { SealedBatch, StoredBatch } from "../core/batch.ts";
import type { ClassSettings } from "../core/class-settings.ts";
import type { ClassId, RoomId, SessionId, UserId } from "../core/ids.ts";
import type { Class, User } from "../core/people.ts";
import type { AttendanceRecord } from "../core/records.ts";
import type { Status } from "../core/session/events.ts";
import type { BrowserSessionStore } from "./browser-sessions.ts";
import type { ChatStore } from "./chat.ts";
import type { DoorStore } from "./doors.ts";
import type { NodeStore } from "./nodes.ts";
import type { OriginStore } from "./origin.ts";
import type { TrailStore } from "./trail.ts";

/**
 * Where everything is kept. Each promise that resolves to "ok" does so only once its effect is on disk;
 * one that rejects has changed nothing that a reader can see. test/contracts/store.ts says it in tests.
 */
export interface Store {
  readonly users: UserStore;
  readonly classes: ClassStore;
  readonly sessions: SessionStore;
  readonly records: RecordStore;
  readonly audit: AuditStore;
  readonly trail: TrailStore;
  readonly doors: DoorStore;
  readonly chat: ChatStore;
  readonly tickets: TicketStore;
  readonly browsers: BrowserSessionStore;
  readonly nodes: NodeStore;
  readonly origin: OriginStore;
  /** Commits something small, to prove that it can. Rejects where it cannot. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** What may change of a user; what is not named stays. */
export type UserChanges = Partial<
  Pick<User, "name" | "email" | "role" | "passwordHash" | "disabled" | "tokensFrom">
>;

/** What an issuer's token says of a user it made; `claimsFrom` is when it was made. */
export type OutsideClaims = Pick<User, "role" | "name" | "email" | "claimsFrom">;

export interface UserStore {
  /**
   * `email` must be lower case. "taken" where another user has the id or the issuer's subject, or, of two with
   * passwords, the email: then nothing is written.
   */
  add(user: User): Promise<"ok" | "taken">;
  byId(id: UserId): Promise<User | null>;
  /** The user who logs in by it: one with a password. */
  byEmail(email: string): Promise<User | null>;
  /** Whom the issuer knows by this `sub`. */
  bySubject(issuer: string, subject: string): Promise<User | null>;
  /**
   * Changes one user. `tokensFrom` becomes the given time, but always more than it was, so that a token from before
   * is told from one after, whatever the clocks say. "taken" where another with a password has the email. With
   * `known`, "stale" where `tokensFrom` is another by now, and then nothing changes.
   */
  update(
    id: UserId,
    changes: UserChanges,
    known?: Pick<User, "tokensFrom">,
  ): Promise<"ok" | "taken" | "unknown" | "stale">;
  /**
   * Takes over what an issuer's newer token says; one no newer than the last taken over changes nothing, a name or
   * email that is null stays, and so does the email of somebody with a password. Where the role changes, tokens made
   * before this one end.
   */
  takeOver(id: UserId, claims: OutsideClaims): Promise<void>;
  /**
   * Lets an issuer's subject sign in as this user from now on. A user who had it until then loses it, is disabled
   * and has no token left.
   */
  link(id: UserId, issuer: string, subject: string): Promise<"ok" | "unknown">;
  /**
   * A page of users whose name or email contains `query` in any letter case ("" is in all), in the order of their
   * ids, those above `after` (null: from the first).
   */
  page(query: string, after: UserId | null, limit: number): Promise<User[]>;
  /** Those of the ids that exist, in the order asked. */
  byIds(ids: readonly UserId[]): Promise<User[]>;
  /** All students, by name; those without one last. */
  students(): Promise<User[]>;
  /** Up to `limit` students whose name or email contains `query` in any letter case, by name. */
  findStudents(query: string, limit: number): Promise<User[]>;
  /** How many there are. */
  count(): Promise<number>;
  /** Whether any admin is not disabled. */
  hasAdmin(): Promise<boolean>;
}

export interface ClassStore {
  add(added: Class): Promise<void>;
  byId(id: ClassId): Promise<Class | null>;
  /** Unarchived ones, oldest first. */
  ofTeacher(teacher: UserId): Promise<Class[]>;
  /** Unarchived ones, oldest first. */
  ofStudent(student: UserId): Promise<Class[]>;
  /** The unarchived classes that the user teaches or attends, without their rolls: asked whenever a socket opens. */
  idsOf(user: UserId): Promise<ClassId[]>;
  /** Enrols; adding twice changes nothing. "full" where the class already has `limit` students. */
  addStudent(id: ClassId, student: UserId, limit: number): Promise<"ok" | "full">;
  removeStudent(id: ClassId, student: UserId): Promise<void>;
  rename(id: ClassId, name: string): Promise<void>;
  /** These are the class's settings from now on. */
  configure(id: ClassId, settings: ClassSettings): Promise<void>;
  /** The class is this teacher's from now on. */
  handOver(id: ClassId, teacher: UserId): Promise<void>;
  /** Takes the class out of every list; its sessions and records stay. `at` is in milliseconds since the epoch. */
  archive(id: ClassId, at: number): Promise<void>;
  /** A page of all classes, archived ones too, oldest first, those after `after` (null: from the first). */
  page(after: ClassId | null, limit: number): Promise<Class[]>;
}

/** One row per session. Where it and the log differ, the log wins. */
export interface SessionHead {
  readonly id: SessionId;
  readonly classId: ClassId;
  readonly teacherId: UserId;
  readonly roomId: RoomId;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** The last sequence number in the log. */
  readonly headSeq: number;
  /** The last sequence number that the records show. */
  readonly projectedSeq: number;
}

/** A session and what its records count; nothing where there are none. */
export interface HeldSession extends SessionHead {
  readonly present: number;
  readonly absent: number;
}

/** Where a command's first event is, and the digest of what it asked. */
export interface CommandPlace {
  readonly sessionId: SessionId;
  readonly seq: number;
  readonly digest: string;
}

/** How far somebody knows a session's log: the number of the last batch. */
export interface KnownLog {
  readonly id: SessionId;
  readonly number: number;
}

export type AppendOutcome = "ok" | "conflict";

export interface SessionStore {
  /**
   * Starts a session: its head row and its first batch. "running" where the class already has a running
   * one, and then nothing is written: a class has at most one.
   */
  start(head: SessionHead, first: SealedBatch): Promise<"ok" | "running">;
  /**
   * Appends one batch to each of several sessions, all in one commit where the store can. A batch is "ok" only
   * if its number is the last one's + 1, its prev is the last one's hash and its firstSeq is the last seq + 1;
   * otherwise it is a "conflict" and that batch writes nothing (the others stand). The promises come in the
   * order of the batches; each resolves once its batch is on disk, and rejects where it could not be written.
   */
  append(batches: readonly SealedBatch[]): Promise<AppendOutcome>[];
  /** The batches with a number above `after`, in order, and no more than `limit` where there is one. */
  read(id: SessionId, after: number, limit?: number): Promise<StoredBatch[]>;
  /** Where the author's commands of this id are in the logs: one place, unless the id was given in several sessions. */
  commandsOf(author: UserId, id: string): Promise<CommandPlace[]>;
  /** Removes an ended session whole: its head row, log, records and command ids. Doing it again changes nothing. */
  remove(id: SessionId): Promise<void>;
  head(id: SessionId): Promise<SessionHead | null>;
  runningOf(id: ClassId): Promise<SessionHead | null>;
  /** Every running session, in the order of their starts, whatever the clock said. */
  running(): Promise<SessionHead[]>;
  /** Those of them that are sessions of these classes, in the same order. */
  runningIn(ids: readonly ClassId[]): Promise<SessionHead[]>;
  /** Those of the sessions whose log has gone on: there is a batch with a number above the one given. */
  grown(known: readonly KnownLog[]): Promise<SessionId[]>;
  /** Ended sessions whose records are behind: projectedSeq < headSeq. */
  unprojected(): Promise<SessionHead[]>;
  /** A page of all sessions in the order of their ids, those above `after` (null: from the first). */
  page(after: SessionId | null, limit: number): Promise<SessionHead[]>;
  /** The same in the order of their starts, whatever the clock said. */
  pageByStart(after: SessionId | null, limit: number): Promise<SessionHead[]>;
  /**
   * A page of the sessions of a class or a teacher, running or not, the last started first: those that were started
   * before the session `before` (null: from the last), up to `limit`. None where there is no session `before`.
   */
  held(of: SessionsOf, before: SessionId | null, limit: number): Promise<HeldSession[]>;
}

export type SessionsOf = { readonly classId: ClassId } | { readonly teacherId: UserId };

/** A student's record with the times of its session. */
export interface DatedRecord extends AttendanceRecord {
  /** When the session started, milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface RecordStore {
  /**
   * Writes the records of a session and sets its projectedSeq, in one step; doing it again changes nothing.
   * Records that the session had and `records` lacks are removed.
   */
  project(id: SessionId, records: readonly AttendanceRecord[], projectedSeq: number): Promise<void>;
  /** The student's status in the class's last started session that has ended and has one for them; null where none has. */
  latest(id: ClassId, student: UserId): Promise<Status | null>;
  ofSession(id: SessionId): Promise<AttendanceRecord[]>;
  /** The student's records in the class's ended sessions, in pages as SessionStore's `held` has them. */
  ofStudent(id: ClassId, student: UserId, before: SessionId | null, limit: number): Promise<DatedRecord[]>;
}

/** Tickets that open a socket once. Only their hashes are kept. */
export interface TicketStore {
  /** `expiresAt` is in milliseconds since the epoch; those that expired before `now` may be removed. */
  add(hash: string, user: UserId, expiresAt: number, now: number): Promise<void>;
  /** Takes the ticket, so that nobody can take it again; null where there is none, or it expired before `now`. */
  take(hash: string, now: number): Promise<UserId | null>;
}

/** One link of the audit chain. `body` is JSON and is exactly what is hashed; `hash` is its SHA-256 in hex. */
export interface AuditEntry {
  /** Counts from 1. */
  readonly number: number;
  readonly body: string;
  readonly hash: string;
}

export interface AuditStore {
  last(): Promise<AuditEntry | null>;
  /** "conflict" unless the number is the last one's + 1; then nothing is written. */
  append(entry: AuditEntry): Promise<AppendOutcome>;
  /** Up to `limit` entries with a number above `after`, in order. */
  read(after: number, limit: number): Promise<AuditEntry[]>;
}
