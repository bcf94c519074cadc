import type { ClassId } from "../core/ids.ts";
import type { Actor, Role } from "../core/people.ts";

/** What a dialect needs of a socket; the runtime gives it. */
export interface Wire {
  send(frame: string): void;
  close(code: number, reason: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** From now on the limits of this role hold. */
  trust(role: Role): void;
}

/** What became of a frame; null where nothing is left to do. */
export interface Handling {
  readonly finished: Promise<void>;
  /** The socket's next frame must wait for it. */
  readonly blocking: boolean;
}

/** One end of a socket: the dialect's side of it. */
export interface Endpoint {
  receive(frame: string | Uint8Array): Handling | null;
  /** The socket is gone. */
  gone(): void;
}

/** A way to speak over a WebSocket. */
export interface SocketDialect {
  readonly name: string;
  /** The subprotocol by which clients ask for it; null for those that ask for none. */
  readonly subprotocol: string | null;
  /** Learns before the upgrade what must be known by then, and gives what opens the socket. */
  prepare(url: URL): Promise<OpenSocket>;
}

/** Opens the dialect's end of a socket; null where it was refused and has been closed. `id` names it in the log. */
export type OpenSocket = (wire: Wire, id: string) => Endpoint | null;

/** One socket of one user. */
export interface Connection {
  /** In every log line of this socket. */
  readonly id: string;
  readonly actor: Actor;
  readonly dialect: string;
  readonly wire: Wire;
  /** The classes whose news it hears: those the user teaches, or is enrolled in. */
  readonly classes: Set<ClassId>;
  /** The class whose video room it is in. */
  room: ClassId | null;
  /** The socket is gone; frames that it sent before are still done. */
  closed: boolean;
  /** The last of its frames that is still under way: answers that are known at once wait for it. */
  underway: Promise<void> | null;
  readonly hooks: Hooks;
}

/** What a dialect does when its socket's classes change. */
export interface Hooks {
  /** Brings the socket up to now with the class, and calls `listen` at the moment from which it hears the rest. */
  readonly catchUp?: (classId: ClassId, listen: () => void) => void;
  /** The user has become a member of the class. */
  readonly joined?: (classId: ClassId) => void;
  /** The user is a member of the class no more. */
  readonly parted?: (classId: ClassId) => void;
}
