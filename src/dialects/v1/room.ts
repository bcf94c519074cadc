import type { RoomClientFrame } from "../../../protocol/room.ts";
import type { Context } from "../../commands/context.ts";
import { enterRoom } from "../../commands/enter-room.ts";
import { relayToPeer, type SignalEvent } from "../../commands/relay.ts";
import { askPeers, show } from "../../commands/room-controls.ts";
import { closeRoom, letIn, lockRoom, removeFromRoom } from "../../commands/room-door.ts";
import { say } from "../../commands/say.ts";
import { findByClass } from "../../commands/session-command.ts";
import { frameText, type Result } from "../../core/errors.ts";
import type { ClassId } from "../../core/ids.ts";
import type { Connection, Handling, News, Wire } from "../../hub/connection.ts";
import type { Named, Parting, Peer, RoomChange } from "../../hub/room.ts";
import type { TellRoom } from "../../hub/tell-room.ts";
import { text } from "./frames.ts";

type Kind = Extract<RoomClientFrame, { type: "signal" }>["kind"];

const EVENTS: Readonly<Record<Kind, SignalEvent>> = {
  offer: "WEBRTC_OFFER",
  answer: "WEBRTC_ANSWER",
  candidate: "WEBRTC_ICE_CANDIDATE",
};
const KINDS: Readonly<Record<SignalEvent, Kind>> = {
  WEBRTC_OFFER: "offer",
  WEBRTC_ANSWER: "answer",
  WEBRTC_ICE_CANDIDATE: "candidate",
};

/** Does what a frame about the video room asks. */
export function receiveOfRoom(
  context: Context,
  connection: Connection,
  frame: RoomClientFrame,
): Handling | null {
  switch (frame.type) {
    case "enter":
      return enter(context, connection, frame);
    case "leave":
      context.hub.rooms.leave(connection);
      return null;
    case "signal": {
      const { to, kind, data } = frame;
      return orError(
        context,
        connection,
        frame,
        relayToPeer(context, connection, { to, event: EVENTS[kind], data }),
      );
    }
    case "show": {
      const { type: _, ...shown } = frame;
      return orError(context, connection, frame, show(context, connection, shown));
    }
    case "mute":
    case "lowerHand":
      return orError(context, connection, frame, askPeers(context, connection, frame.type, frame.peer));
    case "remove":
      return later(context, connection, frame, removeFromRoom(context, connection, frame.user));
    case "letIn":
      return later(context, connection, frame, letIn(context, connection, frame.user));
    case "lock":
      return later(context, connection, frame, lockRoom(context, connection, frame.locked));
    case "closeRoom":
      return later(context, connection, frame, closeRoom(context, connection));
    case "say":
      return later(context, connection, frame, say(context, connection, frame.text));
    case "askUnmute":
      return orError(context, connection, frame, askPeers(context, connection, "unmute", frame.peer));
  }
}

/** The socket's next frame waits for it. */
function later(
  context: Context,
  connection: Connection,
  frame: RoomClientFrame,
  outcome: Promise<Result<void>>,
): Handling {
  const classId = connection.room;
  return {
    finished: outcome.then((result) => void orError(context, connection, frame, result, classId)),
    blocking: true,
  };
}

function enter(
  context: Context,
  connection: Connection,
  frame: Extract<RoomClientFrame, { type: "enter" }>,
): Handling | null {
  const { class: classId, type: _, ...rest } = frame;
  const sender = { connection, via: "v1", find: findByClass } as const;
  const begun = enterRoom.execute(context, sender, { classId, ...rest });
  if (!("outcome" in begun)) return orError(context, connection, frame, begun, classId);
  const finished = begun.outcome.then((result) => void orError(context, connection, frame, result, classId));
  return { finished, blocking: true };
}

function orError(
  context: Context,
  connection: Connection,
  { type: of }: RoomClientFrame,
  result: Result<unknown>,
  classId: ClassId | null = connection.room,
): null {
  if (result.ok) return null;
  const { code } = result;
  const about = {
    of,
    ...(classId && { class: classId }),
    ...(code === "room-full" && { max: context.limits.VIDEO_MESH_MAX }),
  };
  connection.wire.send(text({ type: "error", code, message: frameText(code), ...about }));
  return null;
}

const PARTINGS: Readonly<Record<Parting, string>> = {
  left: "You have left the room",
  replaced: "You are in the room by a newer connection",
  removed: "The teacher has removed you from the room",
  ended: "The teacher has ended the call",
  notMember: "You are a member of this class no more",
  sessionEnded: "The session has ended",
};

/** RO1, RO2: what happens in a room, for those who know its peers. */
export const tellOfPeers: TellRoom = {
  joined: () => undefined,
  left: () => undefined,
  entered({ dialect, wire }, { classId, session, own, media, door, keepsChat, peers }) {
    if (dialect !== "v1") return;
    wire.send(
      text({
        type: "room",
        class: classId,
        session,
        peer: own.id,
        media,
        locked: door.locked,
        keepsChat,
        removed: own.role === "teacher" ? [...door.removed] : [],
        peers: peers.map(peerIn),
      }),
    );
  },
  said(classId, sayings, to) {
    const messages = sayings.map((saying) => ({ ...saying }));
    const frame = text({ type: "said", class: classId, messages });
    sendTo(
      to.filter(({ dialect }) => dialect === "v1"),
      frame,
    );
  },
  out({ dialect, wire }, classId, reason) {
    if (dialect !== "v1") return;
    wire.send(text({ type: "roomLeft", class: classId, reason, message: PARTINGS[reason] }));
  },
  changed(classId, change, others) {
    const hearing = others.filter(({ dialect }) => dialect === "v1");
    const [teachers, students] = [hearing.filter(isTeacher), hearing.filter((one) => !isTeacher(one))];
    if (students.length > 0) sendTo(students, changeFrame(classId, change, {}));
    // Only of the door teachers are told more.
    const removed = change.door ? { removed: [...change.door.removed] } : {};
    if (teachers.length > 0) sendTo(teachers, changeFrame(classId, change, removed));
  },
};

const isTeacher = ({ actor }: Connection): boolean => actor.role === "teacher";

function sendTo(connections: readonly Connection[], frame: string): void {
  for (const { wire } of connections) wire.send(frame);
}

const changeFrame = (
  classId: ClassId,
  { peers, gone, door, media, keepsChat }: RoomChange,
  removed: { readonly removed?: Named[] },
): string =>
  text({
    type: "roomChange",
    class: classId,
    peers: peers.map(peerIn),
    gone: [...gone],
    ...(door && { locked: door.locked }),
    ...(media && { media }),
    ...(keepsChat !== undefined && { keepsChat }),
    ...removed,
  });

const peerIn = ({ id, user, role, name, since, hand, mic, camera, screen, plain, muted }: Peer) => ({
  peer: id,
  user,
  role,
  name,
  since,
  hand,
  mic,
  camera,
  screen,
  plain,
  ...(muted && { muted }),
});

/** What is for one socket in a room: a peer's signal, or what the teacher wants of it. */
export function sayOfPeers(wire: Wire, news: News): void {
  if (news.event === "ASKED") wire.send(text({ type: "asked", class: news.classId, ...news.data }));
  else if ("peer" in news) {
    const { classId, peer: from, event, data } = news;
    wire.send(text({ type: "signal", class: classId, from, kind: KINDS[event], data }));
  }
}
