import { infiniteQueryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { historyAnswer, sessionAnswer, sessionsAnswer } from "../../protocol/http.ts";
import { request } from "./request.ts";

export type Held = z.output<typeof sessionsAnswer>["sessions"][number];
export type HeldInFull = z.output<typeof sessionAnswer>;
export type Attendee = HeldInFull["students"][number];
export type OwnRecord = z.output<typeof historyAnswer>["sessions"][number];

const LISTED = 5;
const REMEMBERED = 20;
const ATTENDEES = 200;

/** Pages of what lies at a path; `name` is the parameter that takes one page's `next`. */
function pages<S extends z.ZodType<{ next: string | null }>>(
  key: readonly string[],
  path: string,
  answer: S,
  name: "before" | "after",
  limit: number,
) {
  return infiniteQueryOptions({
    queryKey: ["held", ...key],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      request(
        `${path}?${new URLSearchParams({ limit: `${limit}`, ...(pageParam && { [name]: pageParam }) })}`,
        answer,
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** The sessions of all the teacher's classes, the last started first. */
export const mySessions = () => pages(["mine"], "/sessions", sessionsAnswer, "before", LISTED);

/** The sessions of a class, the last started first. */
export const sessionsOf = (classId: string) =>
  pages(
    ["class", classId],
    `/class/${encodeURIComponent(classId)}/sessions`,
    sessionsAnswer,
    "before",
    LISTED,
  );

/** The sessions of any class, for administrators. */
export const anySessionsOf = (classId: string) =>
  pages(
    ["admin", "class", classId],
    `/admin/classes/${encodeURIComponent(classId)}/sessions`,
    sessionsAnswer,
    "before",
    LISTED,
  );

/** A session with each student's status and every change that led there, in pages of students; `of` whom to ask as. */
export const sessionInFull = (sessionId: string, of: "teacher" | "admin") =>
  pages(
    ["session", of, sessionId],
    of === "admin" ? `/admin${sessionPath(sessionId)}` : sessionPath(sessionId),
    sessionAnswer,
    "after",
    ATTENDEES,
  );

/** The asking student's own record in a class. */
export const myHistory = (classId: string) =>
  pages(
    ["mine", classId],
    `/class/${encodeURIComponent(classId)}/my-history`,
    historyAnswer,
    "before",
    REMEMBERED,
  );

/** Where the list of a session is as a file for spreadsheets. */
export const csvPath = (sessionId: string): string => `${sessionPath(sessionId)}/attendance.csv`;

function sessionPath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}
