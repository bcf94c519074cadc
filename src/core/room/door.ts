import type { UserId } from "../ids.ts";

/** Who may come into a session's video room, beside being a member. The door by which sockets come in is hub/door.ts. */
export interface Door {
  /** Counts its changes: the highest holds. */
  readonly version: number;
  /** "ended": the teacher has ended the call, and nobody is in before the teacher is. */
  readonly state: "open" | "locked" | "ended";
  /** Who may come in all the same while it is locked. */
  readonly allowed: readonly UserId[];
  readonly removed: readonly UserId[];
}

/** The door of a session that nobody has touched. */
export const OPEN_DOOR: Door = { version: 0, state: "open", allowed: [], removed: [] };

/** Why a student is not let in. */
export type DoorRefusal = "removed-from-room" | "room-ended" | "room-locked";

/** RO12, RO14, RO15: why a student may not come in; null where they may. */
export function refusalAt({ state, allowed, removed }: Door, student: UserId): DoorRefusal | null {
  if (removed.includes(student)) return "removed-from-room";
  if (state === "ended") return "room-ended";
  return state === "locked" && !allowed.includes(student) ? "room-locked" : null;
}

/** RO12: they are out, and cannot come back. */
export const removing = (door: Door, student: UserId): Door => ({
  ...changed(door),
  allowed: door.allowed.filter((one) => one !== student),
  removed: [...door.removed.filter((one) => one !== student), student],
});

/** RO13: they may come in, also where it is locked. */
export const lettingIn = (door: Door, student: UserId): Door => ({
  ...changed(door),
  allowed: [...new Set([...door.allowed, student])],
  removed: door.removed.filter((one) => one !== student),
});

/** RO14: nobody new comes in; who is `inside` may come back after a cut. */
export const locking = (door: Door, inside: readonly UserId[]): Door => ({
  ...changed(door),
  state: "locked",
  allowed: inside,
});

/** RO14, RO15: whoever was not removed may come in. */
export const opening = (door: Door): Door => ({ ...changed(door), state: "open", allowed: [] });

/** RO15: everyone is out until the teacher comes in. */
export const ending = (door: Door): Door => ({ ...changed(door), state: "ended", allowed: [] });

const changed = (door: Door): Door => ({ ...door, version: door.version + 1 });
