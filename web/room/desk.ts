import type { RoomLink } from "../../client/room.ts";

/** What a teacher can do in the room, which the server refuses to students. */
export class Desk {
  constructor(
    private readonly link: () => RoomLink | null,
    /** The socket is cut, and it could not be sent. */
    private readonly failed: () => void,
  ) {}

  /** Mutes a peer, or all students. */
  mute(peer: string | null): void {
    this.#try((link) => link.mute(peer));
  }

  askUnmute(peer: string): void {
    this.#try((link) => link.askUnmute(peer));
  }

  lowerHand(peer: string | null): void {
    this.#try((link) => link.lowerHand(peer));
  }

  /** Takes somebody out, by all their pages, until they are let in again. */
  remove(user: string): void {
    this.#try((link) => link.remove(user));
  }

  letIn(user: string): void {
    this.#try((link) => link.letIn(user));
  }

  /** Lets nobody new in. */
  lock(locked: boolean): void {
    this.#try((link) => link.lock(locked));
  }

  /** Ends the call for everyone; the session goes on. */
  closeRoom(): void {
    this.#try((link) => link.closeForAll());
  }

  #try(send: (link: RoomLink) => boolean): void {
    const link = this.link();
    if (link && !send(link)) this.failed();
  }
}
