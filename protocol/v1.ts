import { z } from "zod";
import {
  classIdInput,
  classIdSchema,
  roomIdSchema,
  sessionIdSchema,
  statusSchema,
  userIdSchema,
} from "./ids.ts";

/** The subprotocol of the opening handshake. */
export const SUBPROTOCOL = "rollcall.v1";

const seq = z.int().nonnegative();
/** The client's own name for a command: the author's own, never reused. */
export const commandId = z.string().min(1).max(64);
/** Milliseconds since the epoch. */
const time = z.int();

const credentials = z.union([
  z.object({ ticket: z.string().min(1).max(256) }),
  z.object({ token: z.string().min(1).max(16_384) }),
]);

/** The first frame: who I am, and up to which event I know which session. */
export const helloFrame = z
  .object({
    type: z.literal("hello"),
    after: z
      .record(sessionIdSchema, seq)
      .refine((known) => Object.keys(known).length <= 100, "expects at most 100 sessions")
      .optional(),
  })
  .and(credentials);

const whom = z.union([z.enum(["all", "rest"]), z.array(userIdSchema).max(5000)]);

export const startFrame = z.object({ type: z.literal("start"), id: commandId, class: classIdInput });
export const markFrame = z.object({
  type: z.literal("mark"),
  id: commandId,
  session: sessionIdSchema,
  student: userIdSchema,
  status: statusSchema,
});
export const markManyFrame = z.object({
  type: z.literal("markMany"),
  id: commandId,
  session: sessionIdSchema,
  whom,
  status: statusSchema,
});
export const undoFrame = z.object({
  type: z.literal("undo"),
  id: commandId,
  session: sessionIdSchema,
  seq: z.int().positive(),
});
export const endFrame = z.object({ type: z.literal("end"), id: commandId, session: sessionIdSchema });
export const resumeFrame = z.object({ type: z.literal("resume"), session: sessionIdSchema, after: seq });
export const pingFrame = z.object({ type: z.literal("ping") });

export const commandFrame = z.discriminatedUnion("type", [
  startFrame,
  markFrame,
  markManyFrame,
  undoFrame,
  endFrame,
]);

/** Every frame that a client may send once it has said hello. */
export const clientFrame = z.discriminatedUnion("type", [commandFrame, resumeFrame, pingFrame]);

export type CommandFrame = z.output<typeof commandFrame>;
export type ClientFrame = z.output<typeof clientFrame> | z.output<typeof helloFrame>;

/** Who did it and how is told to teachers alone. */
const stamp = {
  seq: z.int().positive(),
  at: time,
  by: userIdSchema.nullable().exactOptional(),
  via: z.string().exactOptional(),
};
const finalStatus = z.tuple([userIdSchema, statusSchema]);

/** What happened, as a receiver may see it: students are not told of enrolments and withdrawals. */
export const event = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("started"),
    room: roomIdSchema,
    teacher: userIdSchema,
    /** The roll, for teachers alone. */
    roster: z.array(userIdSchema).exactOptional(),
    ...stamp,
  }),
  z.strictObject({ type: z.literal("startedAgain"), ...stamp }),
  z.strictObject({ type: z.literal("enrolled"), student: userIdSchema, ...stamp }),
  z.strictObject({ type: z.literal("withdrawn"), student: userIdSchema, ...stamp }),
  z.strictObject({ type: z.literal("marked"), student: userIdSchema, status: statusSchema, ...stamp }),
  z.strictObject({
    type: z.literal("markedMany"),
    students: z.array(userIdSchema),
    status: statusSchema,
    ...stamp,
  }),
  z.strictObject({
    type: z.literal("undone"),
    of: z.int().positive(),
    marks: z.array(z.tuple([userIdSchema, statusSchema.nullable()])),
    ...stamp,
  }),
  z.strictObject({
    type: z.literal("ended"),
    statuses: z.array(finalStatus),
    present: z.int(),
    absent: z.int(),
    ...stamp,
  }),
]);

const snapshotMark = z.strictObject({
  student: userIdSchema,
  status: statusSchema,
  seq: z.int().positive(),
  at: time,
  by: userIdSchema.nullable().exactOptional(),
});

const names = { session: sessionIdSchema, class: classIdSchema };

/** Every frame that the server sends. */
export const serverFrame = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("hello"),
    version: z.literal(1),
    /** The server's clock. */
    time,
    /** Names this socket in the server's log. */
    socket: z.string(),
    user: z.strictObject({
      id: userIdSchema,
      name: z.string(),
      role: z.enum(["teacher", "student", "admin"]),
    }),
    /** The running sessions that this user hears, and how far each has come. */
    sessions: z.array(z.strictObject({ ...names, seq })),
    /** A socket that was silent for `pingAfter` ms is pinged, and cut off after `silenceMax`. */
    pingAfter: z.int(),
    silenceMax: z.int(),
  }),
  z.strictObject({
    type: z.literal("snapshot"),
    ...names,
    seq,
    startedAt: time,
    endedAt: time.nullable(),
    room: roomIdSchema,
    teacher: userIdSchema,
    /** The roll, for teachers alone. */
    roster: z.array(userIdSchema).exactOptional(),
    marks: z.array(snapshotMark),
  }),
  z.strictObject({
    type: z.literal("events"),
    ...names,
    /** The first and the last sequence number that this frame covers, hidden events included. */
    from: z.int().positive(),
    to: z.int().positive(),
    events: z.array(event),
  }),
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({
    type: z.literal("ack"),
    id: commandId,
    session: sessionIdSchema,
    seq: z.int().positive(),
  }),
  z.strictObject({ type: z.literal("refused"), id: commandId, code: z.string(), message: z.string() }),
  z.strictObject({
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    session: sessionIdSchema.exactOptional(),
  }),
  z.strictObject({ type: z.literal("member"), class: classIdSchema, joined: z.boolean() }),
  z.strictObject({ type: z.literal("pong"), time }),
]);

export type ServerFrame = z.output<typeof serverFrame>;
export type VisibleEvent = z.output<typeof event>;

/** The close codes of this dialect beside the contract's own; docs/PROTOCOL.md says which to retry. */
export const CLOSE = {
  badFirstFrame: 4400,
  unauthorized: 4401,
  unknownVersion: 4406,
  noFirstFrame: 4408,
} as const;
