import { z } from "zod";
import {
  classIdInput,
  classIdSchema,
  roomIdSchema,
  sessionIdSchema,
  statusSchema,
  userIdSchema,
} from "./ids.ts";
import { roomClientFrame, roomServerFrame } from "./room.ts";

/** The subprotocol of the opening handshake. */
export const SUBPROTOCOL = "rollcall.v1";

const seq = z.int().nonnegative();
export const commandId = z
  .string()
  .min(1)
  .max(64)
  .describe("The client's own name for a command: its author's own, never reused.");
const time = z.int().describe("Milliseconds since the epoch.");

const credentials = z.union([
  z.object({ ticket: z.string().min(1).max(256) }),
  z.object({ token: z.string().min(1).max(16_384) }),
  z.object({
    cookie: z.literal(true).describe("The session of this browser, by the cookie of the upgrade."),
  }),
]);

/** The first frame: who I am, and up to which event I know which session. */
export const helloFrame = z
  .object({
    type: z.literal("hello"),
    after: z
      .record(sessionIdSchema, seq)
      .refine((known) => Object.keys(known).length <= 100, "expects at most 100 sessions")
      .optional()
      .describe("For each session that it knows, at most 100: the last event that it has."),
  })
  .and(credentials);

const whom = z
  .union([z.enum(["all", "rest"]), z.array(userIdSchema).max(5000)])
  .describe("Everyone on the roll, those without a mark, or these.");

const startFrame = z.object({ type: z.literal("start"), id: commandId, class: classIdInput });
const markFrame = z.object({
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
  seq: z.int().positive().describe("The event that marked."),
});
const endFrame = z.object({ type: z.literal("end"), id: commandId, session: sessionIdSchema });
const resumeFrame = z.object({ type: z.literal("resume"), session: sessionIdSchema, after: seq });
const lookFrame = z.object({
  type: z.literal("look"),
  class: classIdInput.nullable().describe("Null: at none any more."),
});
const pingFrame = z.object({ type: z.literal("ping") });

export const commandFrame = z.discriminatedUnion("type", [
  startFrame,
  markFrame,
  markManyFrame,
  undoFrame,
  endFrame,
]);

/** Every frame that a client may send once it has said hello. */
export const clientFrame = z.discriminatedUnion("type", [
  commandFrame,
  resumeFrame,
  lookFrame,
  pingFrame,
  roomClientFrame,
]);

export type CommandFrame = z.output<typeof commandFrame>;
export type ClientFrame = z.output<typeof clientFrame> | z.output<typeof helloFrame>;

/** Who did it and how is told to teachers alone. */
const stamp = {
  seq: z.int().positive().describe("Its place in the session's log, from 1, without gaps."),
  at: time,
  by: userIdSchema.nullable().exactOptional().describe("Who did it; null is the server. For teachers alone."),
  via: z.string().exactOptional().describe("By which way it came in. For teachers alone."),
};
const roster = z.array(userIdSchema).exactOptional().describe("The roll, for teachers alone.");
/** A device at the door of the video room. */
const passage = {
  user: userIdSchema,
  device: z.string().describe("One person may be there by several."),
  when: time.describe("When it was, which may be before the event was logged."),
  witness: z
    .enum(["socket", "webhook", "list", "last-sign-of-life", "end"])
    .describe("By what the server knows."),
};
const finalStatus = z.tuple([userIdSchema, statusSchema]);

/** What happened, as a receiver may see it: students are not told of enrolments and withdrawals. */
export const event = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("started"),
    room: roomIdSchema,
    teacher: userIdSchema,
    roster,
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
    of: z.int().positive().describe("The event whose marks were taken back."),
    marks: z
      .array(z.tuple([userIdSchema, statusSchema.nullable()]))
      .describe("What each student now has; null is unmarked."),
    ...stamp,
  }),
  z.strictObject({ type: z.literal("entered"), ...passage, ...stamp }),
  z.strictObject({ type: z.literal("left"), ...passage, ...stamp }),
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
    time: time.describe("The server's clock, in milliseconds since the epoch."),
    socket: z.string().describe("Names this socket in the server's log."),
    user: z.strictObject({
      id: userIdSchema,
      name: z.string().nullable().describe("Null where an outside issuer told none."),
      role: z.enum(["teacher", "student", "admin"]),
    }),
    sessions: z
      .array(z.strictObject({ ...names, seq }))
      .describe("The running sessions that this user hears, and how far each has come."),
    pingAfter: z.int().describe("A socket that was silent for so many ms is pinged."),
    silenceMax: z.int().describe("A socket that was silent for so many ms is cut off."),
  }),
  z.strictObject({
    type: z.literal("snapshot"),
    ...names,
    seq,
    startedAt: time,
    endedAt: time.nullable(),
    room: roomIdSchema,
    teacher: userIdSchema,
    roster,
    marks: z.array(snapshotMark),
  }),
  z.strictObject({
    type: z.literal("events"),
    ...names,
    from: z.int().positive().describe("The first sequence number that this frame covers."),
    to: z.int().positive().describe("The last, events that this receiver may not see included."),
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
    class: classIdSchema.exactOptional(),
    of: z.string().exactOptional().describe("The type of the frame about a room that it answers."),
    max: z.int().exactOptional().describe("How many peers a room that is full can hold."),
  }),
  z.strictObject({ type: z.literal("member"), class: classIdSchema, joined: z.boolean() }),
  z.strictObject({
    type: z.literal("presence"),
    class: classIdSchema,
    whole: z.boolean().describe("True: this is everyone who is there. False: this has changed."),
    students: z
      .array(z.tuple([userIdSchema, z.enum(["connected", "room", "away"])]))
      .describe("Who has a socket open, who is in the video room, and who has gone."),
    looking: z
      .array(z.strictObject({ socket: z.string(), user: userIdSchema, name: z.string().nullable() }))
      .describe("Every socket that looks at the class, the receiver's own among them."),
  }),
  z.strictObject({ type: z.literal("pong"), time }),
  roomServerFrame,
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
