import type { ClassId, UserId } from "./ids.ts";

export type Role = "teacher" | "student" | "admin";

/** Whoever asks: known by a checked token, never by what a body or a frame says. */
export interface Actor {
  readonly id: UserId;
  readonly role: Role;
  readonly name: string;
}

export interface User {
  readonly id: UserId;
  readonly name: string;
  /** Lower case. */
  readonly email: string;
  readonly role: Role;
  /** A PHC or bcrypt string. */
  readonly passwordHash: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface Class {
  readonly id: ClassId;
  readonly name: string;
  readonly teacherId: UserId;
  /** In the order of their enrolment. */
  readonly studentIds: readonly UserId[];
  /** Milliseconds since the epoch; set where the class is archived. */
  readonly archivedAt: number | null;
}
