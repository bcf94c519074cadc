import type { ClassId, UserId } from "../core/ids.ts";
import type { Connection } from "./connection.ts";
import type { Member, Peer, Reachable, Room } from "./room.ts";

/** Who is in which class's video room: looked up here, changed by the rooms alone. */
export class Seats {
  protected readonly byClass = new Map<ClassId, Room>();
  protected readonly members = new Map<Connection, Member>();

  /** The class's room, where anybody is in it. */
  ofClass(classId: ClassId): Room | undefined {
    return this.byClass.get(classId);
  }

  /** The room that the socket is in. */
  roomOf({ room }: Connection): Room | undefined {
    return room === null ? undefined : this.byClass.get(room);
  }

  /** The sockets of this node in the room. */
  here(classId: ClassId): readonly Member[] {
    return [...(this.byClass.get(classId)?.here.values() ?? [])];
  }

  /** Everyone who is in the class's room. */
  users(classId: ClassId): UserId[] {
    return this.byClass.get(classId)?.users() ?? [];
  }

  /** The rooms in which somebody is from here. */
  open(): ClassId[] {
    return [...this.byClass].flatMap(([classId, { here }]) => (here.size > 0 ? classId : []));
  }

  /** The socket's own peer. */
  ownPeer(connection: Connection): Peer | undefined {
    return this.members.get(connection)?.peer;
  }

  /** V6: the newest socket that another user has in the sender's room, on whichever node. */
  newestOf(sender: Connection, user: UserId): Reachable | undefined {
    return user === sender.actor.id ? undefined : this.roomOf(sender)?.newestOf(user);
  }

  /** Another peer in the sender's room, on whichever node. */
  peer(sender: Connection, id: string): Reachable | undefined {
    const own = this.members.get(sender)?.peer;
    return own && own.id !== id ? this.roomOf(sender)?.find(id) : undefined;
  }

  /** Everyone else in the sender's room. */
  peersBeside(sender: Connection): Reachable[] {
    const room = this.roomOf(sender);
    return room ? room.peers().flatMap(({ id }) => this.peer(sender, id) ?? []) : [];
  }

  /** RO63: for who begins to ask the store of it: what the room has learned meanwhile is newer than the answer. */
  askingOfChat(classId: ClassId): (answer: boolean) => boolean {
    const before = this.byClass.get(classId)?.keepsChat;
    return (answer) => {
      const now = this.byClass.get(classId)?.keepsChat;
      return now === undefined || now === before ? answer : now;
    };
  }

  protected forgetEmpty(classId: ClassId, room: Room): void {
    if (room.isEmpty) this.byClass.delete(classId);
  }
}
