import type { ClassId } from "../core/ids.ts";

/** Told which classes the sockets here are of, where somebody must know. */
export interface Audience {
  /** A socket hears the class from now on. */
  enter(classId: ClassId): void;
  /** One does so no more. */
  leave(classId: ClassId): void;
}

/** For a server that has every class's news anyhow. */
export const NO_AUDIENCE: Audience = { enter: () => undefined, leave: () => undefined };
