import { z } from "zod";
import { classIdSchema, roomIdSchema, statusSchema, userIdSchema } from "../../protocol/ids.ts";
import { isUserId } from "../core/ids.ts";
import type { CommandRef, LoggedEvent, Source } from "../core/session/events.ts";

const SOURCES = ["http", "plain", "v1", "socket-io", "system"] as const satisfies Source[];

const stamp = {
  seq: z.int().positive(),
  at: z.int(),
  by: userIdSchema.nullable(),
  via: z.enum(SOURCES),
  command: z.object({ id: z.string(), digest: z.string() }).exactOptional(),
};

const passage = {
  user: userIdSchema,
  device: z.string(),
  when: z.int(),
  witness: z.enum(["socket", "webhook", "list", "last-sign-of-life", "end"]),
};

const policySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("share"), percent: z.number() }),
  z.object({ kind: z.literal("minutes"), minutes: z.number() }),
]);
const measureSchema = z.object({
  policy: policySchema,
  sessionMs: z.int().nonnegative(),
  neededMs: z.int().nonnegative(),
});

const eventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("started"),
    classId: classIdSchema,
    teacherId: userIdSchema,
    roomId: roomIdSchema,
    roster: z.array(userIdSchema),
    ...stamp,
  }),
  z.object({ type: z.literal("startedAgain"), ...stamp }),
  z.object({ type: z.literal("enrolled"), student: userIdSchema, ...stamp }),
  z.object({ type: z.literal("withdrawn"), student: userIdSchema, ...stamp }),
  z.object({ type: z.literal("marked"), student: userIdSchema, status: statusSchema, ...stamp }),
  z.object({
    type: z.literal("markedMany"),
    students: z.array(userIdSchema),
    status: statusSchema,
    ...stamp,
  }),
  z.object({
    type: z.literal("undone"),
    of: z.int().positive(),
    marks: z.array(z.tuple([userIdSchema, statusSchema.nullable()])),
    ...stamp,
  }),
  z.object({ type: z.literal("entered"), ...passage, ...stamp }),
  z.object({ type: z.literal("left"), ...passage, ...stamp }),
  z.object({
    type: z.literal("ended"),
    statuses: z.array(z.tuple([userIdSchema, statusSchema])),
    present: z.int().nonnegative(),
    absent: z.int().nonnegative(),
    bridgeMs: z.int().nonnegative().exactOptional(),
    policy: measureSchema
      .extend({ inRoom: z.array(z.tuple([userIdSchema, z.int().nonnegative()])) })
      .exactOptional(),
    proposed: measureSchema.exactOptional(),
    ...stamp,
  }),
]);

/** What a batch's body must be. */
export const bodySchema = z.object({
  session: z.string(),
  number: z.int(),
  prev: z.string(),
  writer: z.string(),
  events: z.array(eventSchema).min(1),
});

export interface Body extends Omit<z.output<typeof bodySchema>, "events"> {
  readonly events: LoggedEvent[];
}

/**
 * The body of a batch that holds marks and nothing else, as nearly all do, recognised by hand: a tenth of what its
 * schema costs, and a start reads thousands. Undefined where it is not sure; a test holds it and the schema equal.
 */
export function bodyOfMarks(value: unknown): Body | undefined {
  if (!isObject(value) || !("session" in value && "number" in value && "prev" in value)) return undefined;
  if (!("writer" in value && "events" in value)) return undefined;
  const { session, number, prev, writer } = value;
  if (typeof session !== "string" || typeof prev !== "string" || typeof writer !== "string") return undefined;
  if (!isWhole(number)) return undefined;
  const events = marksIn(value.events);
  return events && { session, number, prev, writer, events };
}

function marksIn(value: unknown): LoggedEvent[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const events: LoggedEvent[] = [];
  for (const each of value) {
    const event = markIn(each);
    if (!event) return undefined;
    events.push(event);
  }
  return events;
}

function markIn(value: unknown): LoggedEvent | undefined {
  if (!isObject(value) || !("type" in value && "student" in value && "status" in value)) return undefined;
  if (!("seq" in value && "at" in value && "by" in value && "via" in value)) return undefined;
  const { type, student, status, seq, at, by } = value;
  if (type !== "marked" || (status !== "present" && status !== "absent")) return undefined;
  if (!isUser(student) || !(by === null || isUser(by))) return undefined;
  const via = SOURCES.find((source) => source === value.via);
  if (!isWhole(seq) || seq < 1 || !isWhole(at) || via === undefined) return undefined;
  const event = { type, student, status, seq, at, by, via } as const;
  if (!("command" in value)) return event;
  const command = commandIn(value.command);
  return command && { ...event, command };
}

function commandIn(value: unknown): CommandRef | undefined {
  if (!isObject(value) || !("id" in value && "digest" in value)) return undefined;
  const { id, digest } = value;
  return typeof id === "string" && typeof digest === "string" ? { id, digest } : undefined;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isUser = (value: unknown) => typeof value === "string" && isUserId(value);
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
