import type { ServerFrame, VisibleEvent } from "../protocol/v1.ts";
import type { Emitter } from "./events.ts";
import { type Presence, presenceAfter } from "./presence.ts";
import { type EventsFrame, type SessionState, Sessions } from "./session.ts";

export interface User {
  readonly id: string;
  readonly name: string | null;
  readonly role: "teacher" | "student" | "admin";
}

/** What the server tells of classes and their sessions. */
export interface News {
  /** Who this client is, as the server has it. */
  user: User;
  /** A session is known anew: after each frame about it. */
  session: SessionState;
  /** Each event of a session, in order and once; those that a snapshot stands for are not told. */
  event: { readonly session: string; readonly class: string; readonly event: VisibleEvent };
  /** A session that is not this user's to hear any more. */
  forgotten: { readonly session: string };
  /** Who is there is known anew, of the class that `look` named. */
  presence: Presence;
  /** The user became a member of the class, or is one no more. */
  member: { readonly class: string; readonly joined: boolean };
}

/** Keeps the sessions complete: what is missing is asked for. */
export class Feed {
  user: User | null = null;
  /** The name of this socket. */
  socket: string | null = null;
  /** Of the class that is looked at; null where none is, or while it is not known. */
  presence: Presence | null = null;
  readonly sessions = new Sessions();
  /** Sessions with a gap, whose rest has been asked for on this socket. */
  readonly #resuming = new Set<string>();

  constructor(
    private readonly events: Pick<Emitter<News>, "emit">,
    private readonly send: (frame: object) => void,
    private readonly later: (run: () => void) => void,
  ) {}

  /** The socket is lost, and what was asked of it is too. */
  lost(): void {
    this.#resuming.clear();
    this.presence = null;
  }

  /** Takes in a frame; one of a kind that is not known here changes nothing. */
  take(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.socket = frame.socket;
        this.#greet(frame.user);
        break;
      case "snapshot":
        this.sessions.replace(frame);
        this.#changed(frame.session);
        break;
      case "events":
        this.#fold(frame);
        break;
      case "error":
        if (frame.session) this.#lacking(frame.session, frame.code);
        break;
      case "presence":
        this.presence = presenceAfter(this.presence, frame);
        this.events.emit("presence", this.presence);
        break;
      case "member":
        this.#member(frame.class, frame.joined);
        break;
    }
  }

  #greet(user: User): void {
    // What another user was told is not this one's to see.
    if (this.user && this.user.id !== user.id) for (const id of this.sessions.all.keys()) this.#forget(id);
    this.user = user;
    this.events.emit("user", user);
  }

  #fold(frame: EventsFrame): void {
    const { session, class: classId } = frame;
    const fresh = this.sessions.fold(frame);
    if (!fresh) {
      this.#resume(session);
      return;
    }
    this.#changed(session);
    for (const event of fresh) this.events.emit("event", { session, class: classId, event });
  }

  #changed(session: string): void {
    this.#resuming.delete(session);
    const state = this.sessions.all.get(session);
    if (state) this.events.emit("session", state);
  }

  /** A session that the server does not tell: not at all, or not now. */
  #lacking(session: string, code: string): void {
    if (code === "unknown-session") this.#forget(session);
    if (code !== "could-not-save") return;
    this.#resuming.add(session);
    this.later(() => {
      if (this.#resuming.delete(session)) this.#resume(session);
    });
  }

  /** Something is missing: asks for it, once. */
  #resume(session: string): void {
    if (this.#resuming.has(session)) return;
    this.#resuming.add(session);
    this.send({ type: "resume", session, after: this.sessions.all.get(session)?.seq ?? 0 });
  }

  #member(classId: string, joined: boolean): void {
    const its = [...this.sessions.all.values()].filter((state) => state.class === classId);
    if (!joined) for (const { session } of its) this.#forget(session);
    this.events.emit("member", { class: classId, joined });
  }

  #forget(session: string): void {
    this.#resuming.delete(session);
    if (this.sessions.forget(session)) this.events.emit("forgotten", { session });
  }
}
