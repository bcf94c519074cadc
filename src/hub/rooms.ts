import { ok, type Result, refuse } from "../core/errors.ts";
import type { ClassId, SessionId, UserId } from "../core/ids.ts";
import { type Door, type DoorRefusal, refusalAt } from "../core/room/door.ts";
import type { Connection, News } from "./connection.ts";
import { farDifference } from "./far-difference.ts";
import { Pace } from "./pace.ts";
import {
  type FarMember,
  type FarNews,
  isSame,
  type Media,
  type Member,
  NOTHING_SHOWN,
  type Parting,
  type Peer,
  Room,
  type Saying,
  type Shown,
} from "./room.ts";
import type { Entering, RoomChanges, RoomParts } from "./room-parts.ts";
import { earlierThan, othersThan, peerIdOf, socketsOf, without } from "./room-sockets.ts";
import { Seats } from "./seats.ts";

const UNTOLD: RoomChanges = { changed: () => undefined, changedHere: () => undefined };

/** The video rooms: one per class, while its session runs. A socket is in one room at most. */
export class Rooms extends Seats {
  readonly #told: RoomChanges;
  readonly pace: Pace;

  constructor(private readonly parts: RoomParts) {
    super();
    this.pace = new Pace(parts.paces, parts.now);
    this.#told = parts.told ?? UNTOLD;
  }

  /** Puts the socket in the room, out of another first; where it is in it already, it is told again what it finds. */
  join(
    connection: Connection,
    { classId, session, door, removed, keepsChat, isCall, device, shown }: Entering,
  ): Result<void, "room-full" | DoorRefusal> {
    const { actor } = connection;
    if (connection.closed || actor.role === "admin") return ok(undefined);
    const { id: user, role, name } = actor;
    const plain = connection.dialect !== "v1";
    const room = this.byClass.get(classId) ?? new Room(session);
    room.name(removed ?? []);
    this.#heedDoor(classId, room, door);
    // A newer one than it came by may be known here.
    const refusal = role === "student" ? refusalAt(room.door, user) : null;
    if (refusal) return refuse(refusal);
    const known = this.members.get(connection);
    const id = device === undefined && known ? known.peer.id : peerIdOf(user, device ?? crypto.randomUUID());
    this.#keepChat(classId, room, keepsChat ?? false);
    this.#outgrow(classId, room, isCall);
    if (known && connection.room === classId && known.peer.id === id) this.#again(known, shown);
    else if (!plain && !this.parts.calls && room.isFullFor({ id, user, role }, this.parts))
      return refuse("room-full");
    else {
      this.leave(connection);
      this.byClass.set(classId, room);
      const since = this.parts.now();
      const place = room.placeAt(since);
      this.#replace(classId, room, id);
      this.#put(classId, room, connection, {
        ...{ id, user, role, name, since, plain, place, muted: plain && room.isHushed(user) },
        ...NOTHING_SHOWN,
        ...shown,
      });
    }
    return ok(undefined);
  }

  #put(classId: ClassId, room: Room, connection: Connection, peer: Peer): void {
    const tell = (news: News) => this.#hear(connection, news);
    const member = { peer, connection, tell };
    room.here.set(peer.id, member);
    this.members.set(connection, member);
    connection.room = classId;
    this.#told.passed?.("entered", member, room.session);
    this.#greet(classId, room, member);
    this.parts.tell.joined(peer, othersThan(peer.user, room));
    this.parts.tell.changed(classId, { peers: [peer], gone: [] }, without(connection, room));
    this.#trim(room, peer.user);
    this.#outgrow(classId, room);
    this.#changedHere(classId);
  }

  /** RO64: of somebody who is in by more than ROOM_PAGES_MAX the oldest are out; each server sees to its own. */
  #trim(room: Room, user: UserId): void {
    const own = room.peers().filter((peer) => peer.user === user);
    if (own.length <= this.parts.pagesMax) return;
    const oldest = own.toSorted((a, b) => a.place - b.place).slice(0, own.length - this.parts.pagesMax);
    for (const { id } of oldest) {
      const member = room.here.get(id);
      if (member) this.leave(member.connection, "replaced");
    }
  }

  /** What the teacher wants is seen by everyone at once, whatever the page does about it. */
  #hear(connection: Connection, news: News): void {
    if (news.event === "ASKED") this.#heed(connection, news.data.what);
    connection.tell(news);
  }

  /** RO62: for a client that shows nothing and is told nothing, asking it to unmute is letting it be heard. */
  #heed(connection: Connection, what: "mute" | "unmute" | "lowerHand"): void {
    const isPlain = this.members.get(connection)?.peer.plain;
    if (what === "lowerHand") this.#change(connection, { hand: false });
    else if (isPlain) this.#change(connection, { muted: what === "mute" });
    else if (what === "mute") this.#change(connection, { mic: false });
  }

  #greet(classId: ClassId, room: Room, { peer: own, connection }: Member): void {
    const peers = room.peers().filter(({ id }) => id !== own.id);
    const { session, shownDoor: door, keepsChat } = room;
    const media = this.#mediaOf(room);
    this.parts.tell.entered(connection, { classId, session, own, media, door, keepsChat, peers });
  }

  #again(member: Member, shown: Partial<Shown> = {}): void {
    const classId = member.connection.room;
    const room = classId && this.byClass.get(classId);
    if (!room) return;
    this.#greet(classId, room, member);
    this.show(member.connection, shown);
  }

  /** The same page has come in by another socket: the one that it had is out, and nobody is told that it left. */
  #replace(classId: ClassId, room: Room, id: string): void {
    const ghost = room.here.get(id);
    if (!ghost) return;
    this.#takeOut(room, ghost);
    this.parts.tell.out(ghost.connection, classId, "replaced");
  }

  #takeOut(room: Room, member: Member): void {
    const { peer, connection } = member;
    room.here.delete(peer.id);
    this.members.delete(connection);
    connection.room = null;
    this.#told.passed?.("left", member, room.session);
  }

  /** Takes the socket out of its room, if it is in one. */
  leave(connection: Connection, why: Parting = "left"): void {
    const classId = connection.room;
    const room = classId && this.byClass.get(classId);
    const member = this.members.get(connection);
    if (!room || !member) return;
    this.#takeOut(room, member);
    const { peer } = member;
    if (!connection.closed) this.parts.tell.out(connection, classId, why);
    const isCut = connection.closed && why === "left";
    if (room.isCall && !isCut) this.#hangUp(room.session, peer, why);
    this.#goneFrom(classId, room, [peer]);
    this.forgetEmpty(classId, room);
    this.#changedHere(classId);
  }

  /** RO25: a call goes on for whom the network cut off from us, and for nobody else who is out of the room. */
  #hangUp(session: SessionId, { id, user }: Peer, why: Parting): void {
    if (why === "notMember") this.parts.calls?.remove(session, user);
    else if (why === "left" || why === "replaced") this.parts.calls?.hangUp(session, id);
  }

  /** These peers are gone, and perhaps their users. */
  #goneFrom(classId: ClassId, room: Room, peers: readonly Peer[]): void {
    const gone = peers.filter(({ id }) => !room.find(id)).map(({ id }) => id);
    const users = new Map(peers.map((peer) => [peer.user, peer]));
    for (const peer of users.values())
      if (!room.has(peer.user)) this.parts.tell.left(peer, othersThan(peer.user, room));
    if (gone.length > 0) this.parts.tell.changed(classId, { peers: [], gone }, socketsOf(room));
  }

  #changedHere(classId: ClassId): void {
    this.#told.changed(classId);
    this.#told.changedHere(classId);
  }

  /** What the socket's peer shows is another than before; false where it is in no room. */
  show(connection: Connection, shown: Partial<Shown>): boolean {
    return this.#change(connection, shown);
  }

  #change(connection: Connection, shown: Partial<Shown & Pick<Peer, "muted">>): boolean {
    const classId = connection.room;
    const room = classId && this.byClass.get(classId);
    const member = this.members.get(connection);
    if (!room || !member) return false;
    const peer = { ...member.peer, ...shown };
    if (isSame(peer, member.peer)) return true;
    member.peer = peer;
    room.hush(peer);
    this.parts.tell.changed(classId, { peers: [peer], gone: [] }, socketsOf(room));
    this.#told.changedHere(classId);
    return true;
  }

  /** RO21, RO22: tells what was said in the room of the session, everyone or one who has come in. */
  said(classId: ClassId, session: SessionId, sayings: readonly Saying[], only?: Connection): void {
    const room = this.byClass.get(classId);
    if (room?.session === session) this.parts.tell.said(classId, sayings, only ? [only] : socketsOf(room));
  }

  #mediaOf({ isCall }: Room): Media {
    return isCall ? { kind: "livekit" } : { kind: "mesh", max: this.parts.meshMax };
  }

  /** RO16: a room that outgrows the mesh moves over, and everyone in it is told. */
  #outgrow(classId: ClassId, room: Room, isCall = false): void {
    if (room.isCall || !this.parts.calls) return;
    if (!isCall && room.peers().length <= this.parts.meshMax) return;
    room.isCall = true;
    this.parts.tell.changed(classId, { peers: [], gone: [], media: this.#mediaOf(room) }, socketsOf(room));
  }

  /** RO63: whether the class keeps what is said is another than before: those in the room are told. */
  setKeepsChat(classId: ClassId, keepsChat: boolean): void {
    const room = this.byClass.get(classId);
    if (room) this.#keepChat(classId, room, keepsChat);
  }

  #keepChat(classId: ClassId, room: Room, keepsChat: boolean): void {
    if (room.keepsChat === keepsChat) return;
    room.keepsChat = keepsChat;
    this.parts.tell.changed(classId, { peers: [], gone: [], keepsChat }, socketsOf(room));
  }

  /** RO12, RO15: the room's door is this one: who may not be in any more is put out, and those who stay are told. */
  setDoor(classId: ClassId, session: SessionId, door: Door): void {
    const room = this.byClass.get(classId);
    if (room?.session === session) this.#heedDoor(classId, room, door);
  }

  /** RO61: by whichever way a newer door comes to be known here, it holds for everyone who is in. */
  #heedDoor(classId: ClassId, room: Room, door: Door): void {
    if (door.version <= room.door.version) return;
    room.door = door;
    room.name(room.peers());
    if (room.isCall && door.state === "ended") this.parts.calls?.end(room.session);
    if (room.isCall) for (const user of door.removed) this.parts.calls?.remove(room.session, user);
    for (const { peer, connection } of this.here(classId))
      if (door.state === "ended") this.leave(connection, "ended");
      else if (door.removed.includes(peer.user)) this.leave(connection, "removed");
    this.parts.tell.changed(classId, { peers: [], gone: [], door: room.shownDoor }, socketsOf(room));
  }

  /** What another node has in the room now: whoever is new is told here, and whoever is gone. */
  setFar(classId: ClassId, { node, session, isCall, members }: FarNews): void {
    const room =
      this.byClass.get(classId) ?? (members.length > 0 && session !== null ? new Room(session) : null);
    if (!room) return;
    this.byClass.set(classId, room);
    const before = room.far.get(node) ?? [];
    if (members.length > 0) room.far.set(node, members);
    else room.far.delete(node);
    this.#tellOfFar(classId, room, before, members);
    this.#outgrow(classId, room, isCall);
    this.forgetEmpty(classId, room);
    this.#told.changed(classId);
  }

  #tellOfFar(classId: ClassId, room: Room, before: readonly FarMember[], now: readonly FarMember[]): void {
    const { back, arrived, changed, hushed } = farDifference(room, before, now);
    for (const id of back) this.#replace(classId, room, id);
    if (back.length > 0) this.#told.changedHere(classId);
    for (const member of arrived) this.parts.tell.joined(member.peer, earlierThan(member, room));
    for (const peer of hushed) room.hush(peer);
    if (changed.length > 0) this.parts.tell.changed(classId, { peers: changed, gone: [] }, socketsOf(room));
    this.#goneFrom(
      classId,
      room,
      before.map(({ peer }) => peer),
    );
    for (const user of new Set(changed.map((peer) => peer.user))) this.#trim(room, user);
  }

  /** Another node is gone, and whomever it had in a room. */
  dropFar(node: string): void {
    for (const [classId, { session }] of [...this.byClass])
      this.setFar(classId, { node, session, isCall: false, members: [] });
  }

  /** The session has ended: the room is no more, and nobody is told one by one who left. */
  close(classId: ClassId): void {
    const room = this.byClass.get(classId);
    if (room?.isCall) this.parts.calls?.end(room.session);
    for (const { connection } of this.#empty(classId))
      this.parts.tell.out(connection, classId, "sessionEnded");
  }

  /** Nothing more is heard of the class here: whom other nodes have in its room is not known any more. Its call goes on. */
  forget(classId: ClassId): void {
    const room = this.byClass.get(classId);
    if (!room) return;
    room.far.clear();
    this.forgetEmpty(classId, room);
    this.#told.changed(classId);
  }

  #empty(classId: ClassId): readonly Member[] {
    const room = this.byClass.get(classId);
    const members = this.here(classId);
    for (const member of members) if (room) this.#takeOut(room, member);
    if (!this.byClass.delete(classId)) return members;
    this.#told.changed(classId);
    if (members.length > 0) this.#told.changedHere(classId);
    return members;
  }

  /** The server is ending: every room is closed, and nobody is told. */
  closeAll(): void {
    for (const classId of [...this.byClass.keys()]) this.#empty(classId);
  }
}
