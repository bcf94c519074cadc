import type { RoomClientFrame, RoomServerFrame } from "../../../protocol/room.ts";
import { ADA, BEN, CLASS, EIGHT, PEER_ADA, PEER_BEN, SESSION } from "./examples.ts";
import type { Telling } from "./message.ts";

const BEN_THERE = {
  peer: PEER_BEN,
  user: BEN,
  role: "student",
  name: "Ben",
  since: EIGHT,
  hand: false,
  mic: true,
  camera: true,
  screen: false,
  plain: false,
};
const offer = { type: "offer", sdp: "v=0\r\no=- 4611 2 IN IP4 127.0.0.1\r\n" };

/** What a client sends about the video room. */
export const ROOM_SENT: Readonly<Record<RoomClientFrame["type"], Telling>> = {
  enter: {
    party: "anyone",
    description:
      "Enters the video room of a class whose session runs. `device` is the page's own random name: with it the page is the same peer again after a cut.",
    examples: [
      { type: "enter", class: CLASS },
      { type: "enter", class: CLASS, device: "k3JvQ2", hand: false, mic: true, camera: true, screen: false },
    ],
  },
  leave: {
    party: "anyone",
    description: "Leaves the room that the socket is in.",
    examples: [{ type: "leave" }],
  },
  signal: {
    party: "anyone",
    description:
      "A WebRTC offer, answer or candidate for one peer of the same room; any other is `peer-not-connected`. More than SIGNALS_PER_S of them close the socket with 1008.",
    examples: [
      { type: "signal", to: PEER_BEN, kind: "offer", data: offer },
      { type: "signal", to: PEER_BEN, kind: "candidate", data: { candidate: "candidate:1", sdpMid: "0" } },
    ],
  },
  show: {
    party: "anyone",
    description:
      "What the own peer shows: a raised hand, microphone, camera, shared screen; only what changes.",
    examples: [
      { type: "show", hand: true },
      { type: "show", mic: false, camera: false },
    ],
  },
  mute: {
    party: "a teacher",
    description: "Mutes a peer, or by null every student; who is muted may speak again by `show`.",
    examples: [
      { type: "mute", peer: PEER_BEN },
      { type: "mute", peer: null },
    ],
  },
  askUnmute: {
    party: "a teacher",
    description: "Asks a peer to turn the microphone on.",
    examples: [{ type: "askUnmute", peer: PEER_BEN }],
  },
  lowerHand: {
    party: "a teacher",
    description: "Lowers the hand of a peer, or by null that of every student.",
    examples: [{ type: "lowerHand", peer: PEER_BEN }],
  },
  remove: {
    party: "a teacher",
    description: "Puts a student out, who cannot come back until let in or the session ends.",
    examples: [{ type: "remove", user: BEN }],
  },
  letIn: {
    party: "a teacher",
    description: "Lets a student come in again who was removed, or while the room is locked.",
    examples: [{ type: "letIn", user: BEN }],
  },
  lock: {
    party: "a teacher",
    description: "Lets nobody new in; who is there may come back after a cut. Or opens the room again.",
    examples: [{ type: "lock", locked: true }],
  },
  say: {
    party: "anyone",
    description: "Says something to everyone in the room, by rollcall.v1: the sender is told too.",
    examples: [{ type: "say", text: "Which page?" }],
  },
  closeRoom: {
    party: "a teacher",
    description:
      "Ends the call for everyone; students come in again once the teacher has. The session runs on.",
    examples: [{ type: "closeRoom" }],
  },
};

/** What the server tells those who are in the video room. */
export const ROOM_TOLD: Readonly<Record<RoomServerFrame["type"], Telling>> = {
  room: {
    party: "the asker",
    description: "The answer to `enter`: the own peer and everyone else who is there.",
    examples: [
      {
        type: "room",
        class: CLASS,
        session: SESSION,
        peer: PEER_ADA,
        media: { kind: "mesh", max: 6 },
        locked: false,
        keepsChat: true,
        removed: [],
        peers: [BEN_THERE],
      },
    ],
  },
  roomChange: {
    party: "the room",
    description: "What is new in the room: each peer takes the place of what was known of it.",
    examples: [
      { type: "roomChange", class: CLASS, peers: [{ ...BEN_THERE, hand: true }], gone: [] },
      { type: "roomChange", class: CLASS, peers: [], gone: [PEER_BEN] },
      { type: "roomChange", class: CLASS, peers: [], gone: [], locked: true },
    ],
  },
  signal: {
    party: "the asker",
    description: "A peer's WebRTC offer, answer or candidate.",
    examples: [{ type: "signal", class: CLASS, from: PEER_BEN, kind: "offer", data: offer }],
  },
  said: {
    party: "the room",
    description:
      "What somebody said; to one who has come in also the last of what was said before, where the class keeps it.",
    examples: [
      {
        type: "said",
        class: CLASS,
        messages: [{ id: "0f8fad5b-d9cb", at: EIGHT, user: BEN, name: "Ben", text: "Which page?" }],
      },
    ],
  },
  asked: {
    party: "the asker",
    description:
      "The teacher mutes, asks to turn the microphone on, or lowers the hand; the room knows of it already.",
    examples: [{ type: "asked", class: CLASS, what: "mute", by: ADA }],
  },
  roomLeft: {
    party: "the asker",
    description: "The socket is in the room no more, and why.",
    examples: [{ type: "roomLeft", class: CLASS, reason: "left", message: "You have left the room" }],
  },
};
