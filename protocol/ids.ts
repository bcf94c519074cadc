import { z } from "zod";
import {
  type BrowserId,
  type ClassId,
  isBrowserId,
  isClassId,
  isRoomId,
  isSessionId,
  isUserId,
  type RoomId,
  type SessionId,
  type UserId,
} from "../src/core/ids.ts";

/** A text that a guard knows; `pattern` says the same to the documents, where it can be said. */
const text = <T extends string>(
  guard: (value: string) => value is T,
  message: string,
  document: { readonly id: string; readonly description: string; readonly pattern?: string },
) =>
  z
    .custom<T>((value) => typeof value === "string" && guard(value), message)
    .register(z.globalRegistry, { ...document, type: "string" });

const HEX_24 = "^[0-9a-f]{24}$";

/** A user's id, taken to the letter. */
export const userIdSchema = text<UserId>(isUserId, "expects a user id of 1 to 128 printable characters", {
  id: "UserId",
  description:
    "24 hex digits of a local user, or the `sub` of an outside issuer: 1 to 128 printable characters.",
  pattern: "^[^\\p{C}\\p{Zl}\\p{Zp}]{1,128}$",
});
export const classIdSchema = text<ClassId>(isClassId, "expects a class id of 24 hex digits", {
  id: "ClassId",
  description: "24 lower-case hex digits.",
  pattern: HEX_24,
});
export const roomIdSchema = text<RoomId>(isRoomId, "expects a room id of 24 hex digits", {
  id: "RoomId",
  description: "The video room of one session: 24 lower-case hex digits.",
  pattern: HEX_24,
});
export const sessionIdSchema = text<SessionId>(isSessionId, "expects a session id of 24 hex digits", {
  id: "SessionId",
  description: "24 lower-case hex digits.",
  pattern: HEX_24,
});
export const browserIdSchema = text<BrowserId>(
  isBrowserId,
  "expects a browser session's id of 24 hex digits",
  {
    id: "BrowserId",
    description: "A signed-in browser: 24 lower-case hex digits.",
    pattern: HEX_24,
  },
);
export const statusSchema = z.enum(["present", "absent"]).meta({ id: "Status" });

/** A class id as clients send it: 24 hex digits in any letter case. */
export const classIdInput = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(classIdSchema)
  .meta({
    id: "ClassIdInput",
    description: "A class id: 24 hex digits in any letter case.",
    pattern: "^[0-9a-fA-F]{24}$",
  });
