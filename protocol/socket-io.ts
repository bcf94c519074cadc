import { z } from "zod";
import { classIdInput, classIdSchema, statusSchema, userIdSchema } from "./ids.ts";
import { markInput as plainMarkInput } from "./plain.ts";

/** Where Socket.IO (Engine.IO 4) is served, polling and WebSocket. */
export const SOCKET_IO_PATH = "/socket.io/";

/** `present` unless a status is given. */
const markInput = plainMarkInput.extend({ status: statusSchema.default("present") });

/** The session that a command is about: of this class, else the sender's most recently started. */
const ofClass = z.object({ classId: classIdInput.optional() });
/** Where an event needs no more than that, it may come without an argument. */
const maybeOfClass = ofClass.nullish();
const signal = z.looseObject({ targetId: userIdSchema });

/** An event that a client sends: its name and its one argument. Names of the plain dialect are commands here too. */
export const clientEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("MARK_ATTENDANCE"), data: markInput.extend(ofClass.shape) }),
  z.object({ event: z.literal("GET_TODAY_SUMMARY"), data: maybeOfClass }),
  z.object({ event: z.literal("CHECK_MY_STATUS"), data: maybeOfClass }),
  z.object({ event: z.literal("DONE"), data: maybeOfClass }),
  z.object({ event: z.literal("ATTENDANCE_MARKED"), data: plainMarkInput.extend(ofClass.shape) }),
  z.object({ event: z.literal("TODAY_SUMMARY"), data: maybeOfClass }),
  z.object({ event: z.literal("MY_ATTENDANCE"), data: maybeOfClass }),
  z.object({ event: z.literal("PING"), data: z.unknown().optional() }),
  z.object({ event: z.literal("JOIN_ROOM"), data: maybeOfClass }),
  z.object({ event: z.literal("LEAVE_ROOM"), data: maybeOfClass }),
  z.object({ event: z.literal("WEBRTC_OFFER"), data: signal }),
  z.object({ event: z.literal("WEBRTC_ANSWER"), data: signal }),
  z.object({ event: z.literal("WEBRTC_ICE_CANDIDATE"), data: signal }),
]);

const side = z.enum(["teacher", "student"]);
const relayed = z.looseObject({ targetId: userIdSchema, fromId: userIdSchema, fromRole: side });

/** Every event that the server sends, to the field. */
export const serverEvent = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("ATTENDANCE_MARKED"),
    data: z.strictObject({ studentId: userIdSchema, status: statusSchema }),
  }),
  z.strictObject({
    event: z.literal("TODAY_SUMMARY"),
    data: z.strictObject({ presentCount: z.int(), presentStudentIds: z.array(userIdSchema) }),
  }),
  z.strictObject({
    event: z.literal("MY_STATUS"),
    data: z.strictObject({ status: statusSchema.nullable() }),
  }),
  z.strictObject({
    event: z.literal("SESSION_ENDED"),
    data: z.strictObject({
      classId: classIdSchema,
      totalStudents: z.int(),
      presentCount: z.int(),
      attendance: z.array(z.strictObject({ studentId: userIdSchema, status: statusSchema })),
    }),
  }),
  z.strictObject({ event: z.literal("PONG") }),
  z.strictObject({
    event: z.literal("PEER_JOINED"),
    data: z.strictObject({ userId: userIdSchema, role: side, name: z.string().nullable() }),
  }),
  z.strictObject({ event: z.literal("PEER_LEFT"), data: z.strictObject({ userId: userIdSchema }) }),
  z.strictObject({ event: z.literal("WEBRTC_OFFER"), data: relayed }),
  z.strictObject({ event: z.literal("WEBRTC_ANSWER"), data: relayed }),
  z.strictObject({ event: z.literal("WEBRTC_ICE_CANDIDATE"), data: relayed }),
  z.strictObject({ event: z.literal("ERROR"), data: z.strictObject({ message: z.string() }) }),
]);

export type ServerEvent = z.output<typeof serverEvent>;
