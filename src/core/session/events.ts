import type { ClassId, RoomId, UserId } from "../ids.ts";
import type { PresencePolicy } from "../presence/policy.ts";

/** By what the server knows that somebody came into the room or left it: kept with every stay. */
export type Witness =
  /** A socket of ours came, left by its own word, or was closed. */
  | "socket"
  /** LiveKit said so by a webhook. */
  | "webhook"
  /** LiveKit's list of participants said so, for a webhook that never came. */
  | "list"
  /** The server that held the socket stopped giving signs of life: the last of them counts. */
  | "last-sign-of-life"
  /** The session ended. */
  | "end";

export type Status = "present" | "absent";

/** A student's final status, as the `ended` event and the records hold it. */
export type FinalStatus = readonly [student: UserId, status: Status];

/** What an undo leaves a student with; null is unmarked. */
export type UndoneMark = readonly [student: UserId, status: Status | null];

/** What a policy asked for in a session. */
export interface PolicyMeasure {
  readonly policy: PresencePolicy;
  readonly sessionMs: number;
  readonly neededMs: number;
}

/** By what policy the end gave a status to those who had no mark, and its arithmetic. */
export interface PolicyTrace extends PolicyMeasure {
  /** How long those were in the room whom it judged; who is not among them never was. */
  readonly inRoom: readonly (readonly [student: UserId, ms: number])[];
}

/** What can happen in a session. Ids, codes and times only: the log is for ever, so it holds no personal text. */
export type SessionEvent =
  | {
      readonly type: "started";
      readonly classId: ClassId;
      readonly teacherId: UserId;
      readonly roomId: RoomId;
      readonly roster: readonly UserId[];
    }
  /** C3: a start that found the session running; it changes nothing and keeps its command id. */
  | { readonly type: "startedAgain" }
  | { readonly type: "enrolled"; readonly student: UserId }
  | { readonly type: "withdrawn"; readonly student: UserId }
  | { readonly type: "marked"; readonly student: UserId; readonly status: Status }
  /** One command for many students; an empty list says that there was nobody to mark. */
  | { readonly type: "markedMany"; readonly students: readonly UserId[]; readonly status: Status }
  /** The marks of event `of` are taken back: each student has the status from before, null for unmarked. */
  | { readonly type: "undone"; readonly of: number; readonly marks: readonly UndoneMark[] }
  /** A device of somebody's came into the room; `when` is the moment, which may lie before the event's own. */
  | {
      readonly type: "entered";
      readonly user: UserId;
      readonly device: string;
      readonly when: number;
      readonly witness: Witness;
    }
  /** That device is there no more. */
  | {
      readonly type: "left";
      readonly user: UserId;
      readonly device: string;
      readonly when: number;
      readonly witness: Witness;
    }
  | {
      readonly type: "ended";
      readonly statuses: readonly FinalStatus[];
      readonly present: number;
      readonly absent: number;
      /** The gap that still counts as being there, in ms; where anybody was in the room. */
      readonly bridgeMs?: number;
      /** Where the class lets its policy set marks. */
      readonly policy?: PolicyTrace;
      /** Where the class lets it propose marks, and anybody was in the room: what the teacher made of it are the marks. */
      readonly proposed?: PolicyMeasure;
    };

/** By what way a command came in; `system` is the server itself (reconciling, sweeping). */
export type Source = "http" | "plain" | "v1" | "socket-io" | "system";

/** Who did it, how and when: the same for every event of one command. */
export interface Stamp {
  /** The author; null where the server itself acted. */
  readonly by: UserId | null;
  readonly via: Source;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** C1: the client's own id of the command, where it gave one; in the first event of the command. */
  readonly command?: CommandRef;
}

/** A command id, scoped to its author, and a digest of what it asked, so that a resend can be told from a reuse. */
export interface CommandRef {
  readonly id: string;
  readonly digest: string;
}

/** An event with its place in the log: `seq` counts from 1 within its session, without gaps. */
export type LoggedEvent = SessionEvent & Stamp & { readonly seq: number };
