import { z } from "zod";

const seat = z.object({ id: z.string(), token: z.string() });

/** A class with its running session (empty where the system has none). */
const group = z.object({
  room: z.string(),
  session: z.string(),
  teacher: seat,
  students: z.array(seat),
});

const target = {
  url: z.string(),
  /** Where teachers' and students' sockets are opened, by turns; `url` where nothing is said. */
  desksAt: z.array(z.string()).readonly().optional(),
  seatsAt: z.array(z.string()).readonly().optional(),
  /** Whose CPU and memory are read. */
  pid: z.int(),
  dialect: z.enum(["plain", "v1", "socket-io"]),
  /** Every socket hears the marks of every class. */
  global: z.boolean(),
  groups: z.array(group),
  /** Sockets of each class's teacher, and of each student; the students' may be 0. */
  teacherSockets: z.int(),
  studentSockets: z.int(),
};

const ms = z.int().positive();

/** What the load does: closed loop, open loop, a storm, pipelines, or nothing. */
export const scenario = z.discriminatedUnion("kind", [
  /** For each number: so many marks are on their way at any time; server CPU per delivery. */
  z.object({
    kind: z.literal("fanout"),
    ...target,
    outstanding: z.array(z.int().positive()).readonly(),
    warmMs: ms,
    measureMs: ms,
  }),
  /** A mark every so often; from its sending until the last student has it. With logins, first without and then with. */
  z.object({
    kind: z.literal("latency"),
    ...target,
    perSecond: z.number().positive(),
    warmMs: ms,
    measureMs: ms,
    logins: z.object({ emails: z.array(z.string()), password: z.string(), atOnce: z.int() }).optional(),
  }),
  /** Each student is marked once, all at once. */
  z.object({ kind: z.literal("storm"), ...target }),
  /** Each teacher's socket keeps so many marks on their way; acknowledged marks a second. */
  z.object({ kind: z.literal("marks"), ...target, pipelined: z.int().positive(), warmMs: ms, measureMs: ms }),
  /** The server `pid` is killed while a teacher marks elsewhere; how long until its clients are back with all of it. */
  z.object({ kind: z.literal("failover"), ...target, perSecond: z.number().positive(), warmMs: ms }),
  /** Marks as in latency, first with nobody in the video room, then while all students enter it, spread over that time. */
  z.object({
    kind: z.literal("entering"),
    ...target,
    perSecond: z.number().positive(),
    warmMs: ms,
    measureMs: ms,
  }),
  /** In each class's video room so many signals are on their way from its teacher to its first student; server CPU a signal. */
  z.object({
    kind: z.literal("signals"),
    ...target,
    outstanding: z.int().positive(),
    warmMs: ms,
    measureMs: ms,
  }),
  /** Sockets that do nothing; the server's memory. */
  z.object({ kind: z.literal("idle"), ...target, warmSockets: z.int().positive(), settleMs: ms }),
]);

export type Scenario = z.output<typeof scenario>;
export type ScenarioOf<Kind extends Scenario["kind"]> = Extract<Scenario, { readonly kind: Kind }>;
export type Group = z.output<typeof group>;

/** What a run of a scenario came to, by name. */
export const outcome = z.record(z.string(), z.number());
export type Outcome = z.output<typeof outcome>;
