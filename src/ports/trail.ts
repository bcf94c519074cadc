import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { AppendOutcome, AuditEntry } from "./store.ts";

/** What is written down of people's doings: which deed, by whom, about whom. Nothing of it is personal text. */
export const DEEDS = [
  "signed-up",
  "signed-in",
  "sign-in-failed",
  "signed-out",
  "linked",
  "password-changed",
  "password-reset",
  "account-changed",
  "admin-made",
  "role-changed",
  "disabled",
  "enabled",
  "erased",
  "reset-link-made",
  "teacher-invited",
  "class-made",
  "class-archived",
  "class-handed-over",
  "enrolled",
  "withdrawn",
  "exported",
  "chat-read",
  "sessions-removed",
] as const;
export type Deed = (typeof DEEDS)[number];

export interface TrailFact {
  readonly deed: Deed;
  /** Null: the server itself, or nobody who is known. */
  readonly actor: UserId | null;
  readonly subject: UserId | null;
  readonly class?: ClassId;
  readonly session?: SessionId;
  /** What it was before and after: codes and ids. */
  readonly from?: string;
  readonly to?: string;
  /** How often, where it is written once for several. */
  readonly times?: number;
}

/** Personal words about an entry, kept beside the chain, so that they can be erased and the chain stays whole. */
export interface TrailDetails {
  readonly address?: string;
  readonly device?: string;
}

/** An entry and what it is searched by; `body` alone is hashed. */
export interface TrailEntry extends AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly deed: Deed;
  readonly actor: UserId | null;
  readonly subject: UserId | null;
  /** Null where there are none, or they were erased. */
  readonly details: TrailDetails | null;
}

export interface TrailSearch {
  readonly deed?: Deed | undefined;
  /** As actor or subject. */
  readonly user?: UserId | undefined;
  /** Milliseconds since the epoch: from the one on, before the other. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Entries with a lower number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** A second audit chain, of what people do, which may be cut at its beginning. */
export interface TrailStore {
  last(): Promise<AuditEntry | null>;
  /** "conflict" unless the numbers follow the last one's: then nothing is written. An empty trail takes any number. */
  append(entries: readonly TrailEntry[]): Promise<AppendOutcome>;
  /** Up to `limit` entries with a number above `after`, in order. */
  read(after: number, limit: number): Promise<TrailEntry[]>;
  /** The newest first. */
  search(asked: TrailSearch): Promise<TrailEntry[]>;
  /** Removes the entries up to this number; the last one always stays. */
  cut(upTo: number): Promise<void>;
  /** Removes the details of all entries by or about the user. */
  eraseDetails(user: UserId): Promise<void>;
}
