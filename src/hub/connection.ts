import type { ClassId, UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Source } from "../core/session/events.ts";
import type { SmallSet } from "./small-set.ts";

/** What a dialect needs of a socket; the runtime gives it. */
export interface Wire {
  /** Frames sent together leave in one write. */
  send(...frames: readonly string[]): void;
  close(code: number, reason: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** It is this user's: from now on the limits of their role hold, and those of all their sockets together. */
  trust(actor: Pick<Actor, "id" | "role">): void;
  /** When something was last heard of it, on the clock of performance.now(). */
  readonly heardAt?: number;
  /** Whether its silence is to be noticed at once: it is in a room, where that counts. */
  watch?(closely: boolean): void;
}

/** What became of a frame; null where nothing is left to do. */
export interface Handling {
  readonly finished: Promise<void>;
  /** The socket's next frame must wait for it. */
  readonly blocking: boolean;
}

/** One end of a socket: the dialect's side of it. */
export interface Endpoint<Frame = string | Uint8Array> {
  receive(frame: Frame): Handling | null;
  /** The socket is gone. */
  gone(): void;
}

/** A way to speak over a WebSocket. */
export interface SocketDialect {
  readonly name: string;
  /** The subprotocol by which clients ask for it; null for those that ask for none. */
  readonly subprotocol: string | null;
  /** Learns before the upgrade what must be known by then, and gives what opens the socket. */
  prepare(asked: Asked): Promise<OpenSocket>;
}

/** The request that asked for a socket. */
export interface Asked {
  readonly url: URL;
  readonly headers: Headers;
  /** The address of the socket's other end. */
  readonly peer: string;
}

/** Opens the dialect's end of a socket; null where it was refused and has been closed. `id` names it in the log. */
export type OpenSocket<Frame = string | Uint8Array> = (wire: Wire, id: string) => Endpoint<Frame> | null;

/** What a socket is told for itself, in words that dialects share; each puts them in frames of its own. */
export type News =
  | { readonly event: "ERROR"; readonly data: { readonly message: string } }
  | { readonly event: "PONG" }
  | {
      readonly event: "PEER_JOINED";
      readonly data: {
        readonly userId: UserId;
        readonly role: "teacher" | "student";
        readonly name: string | null;
      };
    }
  | { readonly event: "PEER_LEFT"; readonly data: { readonly userId: UserId } }
  | {
      readonly event: "WEBRTC_OFFER" | "WEBRTC_ANSWER" | "WEBRTC_ICE_CANDIDATE";
      readonly data: Readonly<Record<string, unknown>>;
      /** In which room and by whom it was sent, for the dialects that know peers. */
      readonly classId: ClassId;
      readonly peer: string;
    }
  | {
      /** What the teacher wants of the peer; only dialects that know peers have words for it. */
      readonly event: "ASKED";
      readonly classId: ClassId;
      readonly data: { readonly what: "mute" | "unmute" | "lowerHand"; readonly by: UserId };
    };

export type DialectName = Exclude<Source, "http" | "system">;

/** One socket of one user. */
export interface Connection {
  /** In every log line of this socket. */
  readonly id: string;
  readonly actor: Actor;
  readonly dialect: DialectName;
  readonly wire: Wire;
  /** Tells this socket alone, in a frame of its dialect. */
  tell(news: News): void;
  /** The classes whose news it hears: those the user teaches, or is enrolled in. */
  readonly classes: SmallSet<ClassId>;
  /** The class whose video room it is in. */
  room: ClassId | null;
  /** The class that its user looks at, and is told who is there. */
  looking: ClassId | null;
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
