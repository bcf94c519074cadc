import { z } from "zod";
import { classIdInput, classIdSchema, sessionIdSchema, userIdSchema } from "./ids.ts";

/** One page of one person in the room: made of both, so that the same page has it again after a cut. */
export const peerIdSchema = z
  .string()
  .regex(/^[0-9a-f]{20}$/, "expects a peer id of 20 hex digits")
  .meta({ id: "PeerId", description: "20 lower-case hex digits." });
const deviceSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/, "expects 1 to 64 letters, digits, - and _")
  .describe("Random, made once for each page: with it the page is the same peer again after a cut.");
const time = z.int().describe("Milliseconds since the epoch.");
const signalKind = z.enum(["offer", "answer", "candidate"]);
const signalData = z.looseObject({}).describe("What WebRTC gave, as the peers understand it.");
const maybePeer = peerIdSchema.nullable();

/** What a peer shows of itself. */
const shows = {
  hand: z.boolean().describe("Raised."),
  mic: z.boolean().describe("On. Whoever's is off must not be heard."),
  camera: z.boolean(),
  screen: z.boolean().describe("Shared."),
};
const mayShow = {
  hand: shows.hand.exactOptional(),
  mic: shows.mic.exactOptional(),
  camera: shows.camera.exactOptional(),
  screen: shows.screen.exactOptional(),
};

/** By which page somebody comes in, and what they show from the first moment on. */
export const enterInput = z.object({ device: deviceSchema.exactOptional(), ...mayShow });
const enterFrame = enterInput.extend({ type: z.literal("enter"), class: classIdInput });
const leaveFrame = z.object({ type: z.literal("leave") });
const signalFrame = z.object({
  type: z.literal("signal"),
  to: peerIdSchema,
  kind: signalKind,
  data: signalData,
});
const showFrame = z.object({ type: z.literal("show"), ...mayShow });
const muteFrame = z.object({
  type: z.literal("mute"),
  peer: maybePeer.describe("Null: everyone but teachers."),
});
const askUnmuteFrame = z.object({ type: z.literal("askUnmute"), peer: peerIdSchema });
const lowerHandFrame = z.object({ type: z.literal("lowerHand"), peer: maybePeer.describe("Null: all.") });

const removeFrame = z.object({ type: z.literal("remove"), user: userIdSchema });
const letInFrame = z.object({ type: z.literal("letIn"), user: userIdSchema });
const lockFrame = z.object({ type: z.literal("lock"), locked: z.boolean() });
const sayFrame = z.object({
  type: z.literal("say"),
  text: z
    .string()
    .regex(/[^\s\p{Cf}]/u)
    .describe("Not spaces and invisible characters alone."),
});
const closeRoomFrame = z.object({ type: z.literal("closeRoom") });

/** What a client sends about the video room. */
export const roomClientFrame = z.discriminatedUnion("type", [
  enterFrame,
  leaveFrame,
  signalFrame,
  showFrame,
  muteFrame,
  askUnmuteFrame,
  lowerHandFrame,
  removeFrame,
  letInFrame,
  lockFrame,
  closeRoomFrame,
  sayFrame,
]);

export type RoomClientFrame = z.output<typeof roomClientFrame>;

const peer = z.strictObject({
  peer: peerIdSchema,
  user: userIdSchema,
  role: z.enum(["teacher", "student"]),
  name: z.string().nullable().describe("Null where an outside issuer told none."),
  since: time.describe("When this socket of the peer's came in; another after a cut."),
  ...shows,
  plain: z.boolean().describe("A client of the plain or the Socket.IO dialect, which shows nothing."),
  muted: z
    .literal(true)
    .exactOptional()
    .describe("A `plain` one that the teacher has muted: its sound must not be played."),
});
const keepsChat = z.boolean().describe("Whether what is said is kept with the session.");
const media = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("mesh"), max: z.int().describe("How many peers it can hold.") }),
    z.strictObject({ kind: z.literal("livekit") }),
  ])
  .describe("From peer to peer, or over LiveKit, for which `POST /video/token` gives a pass.");

const locked = z.boolean().describe("Nobody new comes in.");
const removed = z
  .array(z.strictObject({ user: userIdSchema, name: z.string().nullable() }))
  .describe("Who was removed and not let in again; for teachers alone.");

/** What the server tells those in the video room. */
export const roomServerFrame = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("room"),
    class: classIdSchema,
    session: sessionIdSchema,
    peer: peerIdSchema.describe("The receiver's own."),
    media,
    locked,
    removed,
    keepsChat,
    peers: z.array(peer).describe("Everyone else who is there, other pages of the receiver's among them."),
  }),
  z.strictObject({
    type: z.literal("roomChange"),
    class: classIdSchema,
    peers: z.array(peer).describe("Each takes the place of what was known of it."),
    gone: z.array(peerIdSchema),
    locked: locked.exactOptional(),
    removed: removed.exactOptional(),
    media: media.exactOptional(),
    keepsChat: keepsChat.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("signal"),
    class: classIdSchema,
    from: peerIdSchema,
    kind: signalKind,
    data: signalData,
  }),
  z.strictObject({
    type: z.literal("said"),
    class: classIdSchema,
    messages: z.array(
      z.strictObject({
        id: z.string(),
        at: time,
        user: userIdSchema,
        name: z.string().nullable(),
        text: z.string(),
      }),
    ),
  }),
  z.strictObject({
    type: z.literal("asked"),
    class: classIdSchema,
    what: z.enum(["mute", "unmute", "lowerHand"]),
    by: userIdSchema,
  }),
  z.strictObject({
    type: z.literal("roomLeft"),
    class: classIdSchema,
    reason: z.enum(["left", "replaced", "removed", "ended", "notMember", "sessionEnded"]),
    message: z.string(),
  }),
]);

export type RoomServerFrame = z.output<typeof roomServerFrame>;
