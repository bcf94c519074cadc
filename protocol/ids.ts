import { z } from "zod";
import {
  type ClassId,
  isClassId,
  isRoomId,
  isSessionId,
  isUserId,
  type RoomId,
  type SessionId,
  type UserId,
} from "../src/core/ids.ts";

const text = <T extends string>(guard: (value: string) => value is T, message: string) =>
  z.custom<T>((value) => typeof value === "string" && guard(value), message);

/** A user's id, taken to the letter. */
export const userIdSchema = text<UserId>(isUserId, "expects a user id of 1 to 128 printable characters");
export const classIdSchema = text<ClassId>(isClassId, "expects a class id of 24 hex digits");
export const roomIdSchema = text<RoomId>(isRoomId, "expects a room id of 24 hex digits");
export const sessionIdSchema = text<SessionId>(isSessionId, "expects a session id of 24 hex digits");
export const statusSchema = z.enum(["present", "absent"]);

/** A class id as clients send it: 24 hex digits in any letter case. */
export const classIdInput = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(classIdSchema);
