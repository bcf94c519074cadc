import type { SealedBatch } from "../core/batch.ts";
import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import type { Door } from "../core/room/door.ts";
import type { Session } from "../core/session/state.ts";
import type { Neighbours } from "../hub/neighbours.ts";
import type { Saying } from "../hub/room.ts";
import type { LiveSession } from "../log/live-session.ts";
import { Confirmations } from "./confirmations.ts";
import { channelOf, EVERYBODY, type News, ownChannel } from "./news.ts";

interface Parts {
  readonly node: string;
  /** The nodes that hear what is told now. */
  readonly others: () => readonly string[];
  readonly publish: (channel: string, news: News) => void;
}

/** A batch whose text is longer is read from the store by those who need it. */
const BATCH_CHARS_MAX = 32_768;

/** What a node tells the others of its own doing. */
export class Teller implements Omit<Neighbours, "hear"> {
  readonly #confirmations: Confirmations;
  #summaries = 0;

  constructor(private readonly parts: Parts) {
    this.#confirmations = new Confirmations(parts.node);
  }

  /** This node has written a batch. */
  announce({ classId, id: session }: Readonly<Session>, { number, body, hash }: SealedBatch): void {
    const batch = body.length <= BATCH_CHARS_MAX ? { body, hash } : null;
    const { node: from, publish } = this.parts;
    publish(channelOf(classId), { from, kind: "batch", session, number, batch });
  }

  /** This node waits for its turn to write. */
  want({ classId, id: session }: Readonly<Session>): void {
    const { node: from, publish } = this.parts;
    publish(channelOf(classId), { from, kind: "wants", session });
  }

  started({ session: { classId, id: session } }: LiveSession): Promise<void> {
    return this.#ask((id) => ({ from: this.parts.node, kind: "started", id, class: classId, session }));
  }

  membership(classId: ClassId, user: UserId): Promise<void> {
    return this.#ask((id) => ({ from: this.parts.node, kind: "member", id, class: classId, user }));
  }

  archived(classId: ClassId): Promise<void> {
    return this.#ask((id) => ({ from: this.parts.node, kind: "archived", id, class: classId }));
  }

  #ask(news: (id: string) => News): Promise<void> {
    const { others, publish } = this.parts;
    return this.#confirmations.from(others(), (id) => publish(EVERYBODY, news(id)));
  }

  /** Another node has seen what it was told. */
  seen(id: string, node: string): void {
    this.#confirmations.seen(id, node);
  }

  /** Tells the asker once it is done. */
  async confirm(
    { from: asker, id }: { readonly from: string; readonly id: string },
    done: Promise<void>,
  ): Promise<void> {
    await done;
    this.parts.publish(ownChannel(asker), { from: this.parts.node, kind: "seen", id });
  }

  doorChanged(classId: ClassId, session: SessionId, door: Door): void {
    const { node: from, publish } = this.parts;
    const copy = { ...door, allowed: [...door.allowed], removed: [...door.removed] };
    publish(channelOf(classId), { from, kind: "door", session, door: copy });
  }

  said(classId: ClassId, session: SessionId, saying: Saying): void {
    const { node: from, publish } = this.parts;
    publish(channelOf(classId), { from, kind: "said", session, saying });
  }

  accessEnded(user: UserId): void {
    this.parts.publish(EVERYBODY, { from: this.parts.node, kind: "access", user });
  }

  summarised({ session: { classId }, known: { id: session, number } }: LiveSession): void {
    const { node: from, publish } = this.parts;
    const id = `${from} ${++this.#summaries}`;
    publish(channelOf(classId), { from, kind: "summary", id, session, number });
  }
}
