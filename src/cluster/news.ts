import { z } from "zod";
import { classIdSchema, sessionIdSchema, userIdSchema } from "../../protocol/ids.ts";
import { peerIdSchema } from "../../protocol/room.ts";
import type { ClassId } from "../core/ids.ts";

const from = z.string();
/** Names this message, so that one that comes twice is done once. */
const id = z.string();
const number = z.int().positive();

/** A socket in a class's video room: the peer that it is. */
const farPeer = z.object({
  socket: z.string(),
  id: peerIdSchema,
  user: userIdSchema,
  name: z.string().nullable(),
  role: z.enum(["teacher", "student"]),
  since: z.int(),
  plain: z.boolean(),
  // Left out by nodes that do not know of it.
  muted: z.boolean().default(false),
  place: z.int(),
  hand: z.boolean(),
  mic: z.boolean(),
  camera: z.boolean(),
  screen: z.boolean(),
});

const newsSchema = z.discriminatedUnion("kind", [
  /** A session's log has come to this batch; small ones come with it. */
  z.object({
    kind: z.literal("batch"),
    from,
    session: sessionIdSchema,
    number,
    batch: z.object({ body: z.string(), hash: z.string() }).nullable(),
  }),
  /** A node lost its turn to write to this log, and others must let it have one. */
  z.object({ kind: z.literal("wants"), from, session: sessionIdSchema }),
  /** A summary was asked for when the log stood there: every node tells its own sockets. */
  z.object({ kind: z.literal("summary"), from, id, session: sessionIdSchema, number }),
  /** Everyone whom a node has in the class's room; a higher version replaces a lower. */
  z.object({
    kind: z.literal("room"),
    from,
    version: z.int(),
    session: sessionIdSchema.nullable(),
    /** Whether it has outgrown the mesh. */
    isCall: z.boolean(),
    peers: z.array(farPeer),
  }),
  /** These sockets of a node look at the class, until it says otherwise or falls silent. */
  z.object({
    kind: z.literal("look"),
    from,
    version: z.int(),
    lookers: z.array(z.object({ socket: z.string(), user: userIdSchema, name: z.string().nullable() })),
  }),
  /** Who of the class has a socket of the node, all of them or those who moved; for whoever looks at it. */
  z.object({
    kind: z.literal("presence"),
    from,
    version: z.int(),
    whole: z.boolean(),
    students: z.array(z.tuple([userIdSchema, z.enum(["connected", "room", "away"])])),
  }),
  /** Whoever has somebody in the class's room, or looks at it, is asked to say so. */
  z.object({ kind: z.literal("whoIsIn"), from }),
  z.object({
    kind: z.literal("signal"),
    from,
    id,
    class: classIdSchema,
    socket: z.string(),
    peer: peerIdSchema,
    event: z.enum(["WEBRTC_OFFER", "WEBRTC_ANSWER", "WEBRTC_ICE_CANDIDATE"]),
    data: z.record(z.string(), z.unknown()),
  }),
  /** The teacher of the class wants this of a peer by a socket of the node. */
  z.object({
    kind: z.literal("asked"),
    from,
    id,
    class: classIdSchema,
    socket: z.string(),
    data: z.object({ what: z.enum(["mute", "unmute", "lowerHand"]), by: userIdSchema }),
  }),
  /** The door of the room of the class's session is another than before. */
  z.object({
    kind: z.literal("door"),
    from,
    session: sessionIdSchema,
    door: z.object({
      version: z.int(),
      state: z.enum(["open", "locked", "ended"]),
      allowed: z.array(userIdSchema),
      removed: z.array(userIdSchema),
    }),
  }),
  /** Somebody said something in the room; what comes twice has the same id. */
  z.object({
    kind: z.literal("said"),
    from,
    session: sessionIdSchema,
    saying: z.object({
      id,
      at: z.int(),
      user: userIdSchema,
      name: z.string().nullable(),
      text: z.string(),
    }),
  }),
  /** A user's place in a class may be another now. */
  z.object({ kind: z.literal("member"), from, id, class: classIdSchema, user: userIdSchema }),
  z.object({ kind: z.literal("archived"), from, id, class: classIdSchema }),
  z.object({ kind: z.literal("started"), from, id, class: classIdSchema, session: sessionIdSchema }),
  /** What was told by this id is known now to the node that says so. */
  z.object({ kind: z.literal("seen"), from, id }),
  /** Something by which the user's sockets came in has ended. */
  z.object({ kind: z.literal("access"), from, user: userIdSchema }),
]);

/** What nodes tell each other. */
export type News = z.output<typeof newsSchema>;
export type FarPeer = z.output<typeof farPeer>;

/** The news in a message; null where it is none of ours. */
export function parseNews(message: string): News | null {
  try {
    return newsSchema.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}

const CLASS = "class/";

/** The channel of what concerns every node. */
export const EVERYBODY = "nodes";
/** The channel of a class's news. */
export const channelOf = (classId: ClassId): string => `${CLASS}${classId}`;
/** The channel of what is for one node alone. */
export const ownChannel = (node: string): string => `node/${node}`;

/** The class that a channel is of; null where it is no class's. */
export function classOf(channel: string): ClassId | null {
  return channel.startsWith(CLASS)
    ? (classIdSchema.safeParse(channel.slice(CLASS.length)).data ?? null)
    : null;
}
