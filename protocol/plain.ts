import { z } from "zod";
import { statusSchema, userIdSchema } from "./ids.ts";

/** A frame of the plain dialect: an event's name and what it needs. */
export const frame = z.object({ event: z.string(), data: z.unknown().optional() });

export const markInput = z.object({ studentId: userIdSchema, status: statusSchema });
/** Where an event needs nothing, whatever came with it is not looked at. */
export const nothing = z.unknown();

const figures = { present: z.int(), absent: z.int(), total: z.int() };

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
    data: z.strictObject({ userId: userIdSchema, role: z.enum(["teacher", "student"]), name: z.string() }),
  }),
  z.strictObject({ event: z.literal("PEER_LEFT"), data: z.strictObject({ userId: userIdSchema }) }),
  z.strictObject({ event: z.literal("ERROR"), data: z.strictObject({ message: z.string() }) }),
  z.object({
    event: z.enum(["WEBRTC_OFFER", "WEBRTC_ANSWER", "WEBRTC_ICE_CANDIDATE"]),
    data: z.looseObject({
      targetId: userIdSchema,
      fromId: userIdSchema,
      fromRole: z.enum(["teacher", "student"]),
    }),
  }),
]);

export type ServerFrame = z.output<typeof serverFrame>;
