import { z } from "zod";
import { classIdInput, statusSchema, userIdSchema } from "./ids.ts";

/** A frame of the plain dialect: an event's name and what it needs. */
export const frame = z.object({ event: z.string(), data: z.unknown().optional() });

export const markInput = z.object({ studentId: userIdSchema, status: statusSchema });
/** Where an event needs nothing, whatever came with it is not looked at. */
export const nothing = z.unknown();

/** The class that an event is about; without one, the sender's most recently started running session. */
const ofClass = z.object({ classId: classIdInput.optional() });
const maybeOfClass = ofClass.nullish();
const signal = z.looseObject({ targetId: userIdSchema });

/** Every frame that a client sends, in the form that is never refused as such; the tests send each to a server. */
export const clientFrame = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ATTENDANCE_MARKED"), data: markInput.extend(ofClass.shape) }),
  z.object({ event: z.literal("TODAY_SUMMARY"), data: maybeOfClass }),
  z.object({ event: z.literal("MY_ATTENDANCE"), data: maybeOfClass }),
  z.object({ event: z.literal("DONE"), data: maybeOfClass }),
  z.object({ event: z.literal("PING"), data: nothing.optional() }),
  z.object({ event: z.literal("JOIN_ROOM"), data: maybeOfClass }),
  z.object({ event: z.literal("LEAVE_ROOM"), data: maybeOfClass }),
  z.object({ event: z.literal("WEBRTC_OFFER"), data: signal }),
  z.object({ event: z.literal("WEBRTC_ANSWER"), data: signal }),
  z.object({ event: z.literal("WEBRTC_ICE_CANDIDATE"), data: signal }),
]);

const relayed = z.looseObject({
  targetId: userIdSchema,
  fromId: userIdSchema,
  fromRole: z.enum(["teacher", "student"]),
});
const figures = { present: z.int(), absent: z.int(), total: z.int() };

/** A room may be named; without one it is the one that the socket is in. */
export const leaveRoomInput = z.looseObject({ classId: classIdInput.optional() }).optional().catch(undefined);

/** Every frame that the server sends, to the field. */
export const serverFrame = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("ATTENDANCE_MARKED"),
    data: z.strictObject({ studentId: userIdSchema, status: statusSchema }),
  }),
  z.strictObject({ event: z.literal("TODAY_SUMMARY"), data: z.strictObject(figures) }),
  z.strictObject({
    event: z.literal("MY_ATTENDANCE"),
    data: z.strictObject({ status: z.enum(["present", "absent", "not yet updated"]) }),
  }),
  z.strictObject({
    event: z.literal("DONE"),
    data: z.strictObject({ message: z.literal("Attendance persisted"), ...figures }),
  }),
  z.strictObject({ event: z.literal("PONG") }),
  z.strictObject({
    event: z.literal("PEER_JOINED"),
    data: z.strictObject({
      userId: userIdSchema,
      role: z.enum(["teacher", "student"]),
      name: z.string().nullable(),
    }),
  }),
  z.strictObject({ event: z.literal("PEER_LEFT"), data: z.strictObject({ userId: userIdSchema }) }),
  z.strictObject({ event: z.literal("ERROR"), data: z.strictObject({ message: z.string() }) }),
  z.strictObject({ event: z.literal("WEBRTC_OFFER"), data: relayed }),
  z.strictObject({ event: z.literal("WEBRTC_ANSWER"), data: relayed }),
  z.strictObject({ event: z.literal("WEBRTC_ICE_CANDIDATE"), data: relayed }),
]);

export type ClientFrame = z.input<typeof clientFrame>;
export type ServerFrame = z.output<typeof serverFrame>;
