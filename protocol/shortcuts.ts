import type { z } from "zod";
import { isSessionId, isUserId } from "../src/core/ids.ts";
import type { Status } from "../src/core/session/events.ts";
import type { frame, markInput } from "./plain.ts";
import type { clientFrame } from "./v1.ts";

/*
 * The commonest frames, recognised by hand at a tenth of what their schemas cost. Each gives what its schema gives, or
 * undefined where it is not sure, and then the schema is asked: a test holds the two equal.
 */

/** As `frame` of the plain dialect. */
export function plainFrame(value: unknown): z.output<typeof frame> | undefined {
  if (!isObject(value) || !("event" in value) || typeof value.event !== "string") return undefined;
  return { event: value.event, data: "data" in value ? value.data : undefined };
}

/** As `markInput` of the plain dialect. */
export function plainMark(value: unknown): z.output<typeof markInput> | undefined {
  if (!isObject(value) || !("studentId" in value && "status" in value)) return undefined;
  const { studentId, status } = value;
  return isId(studentId, isUserId) && isStatus(status) ? { studentId, status } : undefined;
}

/** As `clientFrame` of rollcall.v1, for marks alone. */
export function v1Mark(value: unknown): z.output<typeof clientFrame> | undefined {
  if (!isObject(value) || !("type" in value) || value.type !== "mark") return undefined;
  if (!("id" in value && "session" in value && "student" in value && "status" in value)) return undefined;
  const { id, session, student, status } = value;
  if (typeof id !== "string" || id.length < 1 || id.length > 64) return undefined;
  if (!isId(session, isSessionId) || !isId(student, isUserId) || !isStatus(status)) return undefined;
  return { type: "mark", id, session, student, status };
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isId = <T extends string>(value: unknown, guard: (text: string) => text is T): value is T =>
  typeof value === "string" && guard(value);

const isStatus = (value: unknown): value is Status => value === "present" || value === "absent";
