import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { classAnswer, classWithStudentsAnswer, personAnswer } from "../../protocol/http.ts";
import { queries } from "./queries.ts";
import { request } from "./request.ts";

export type Class = z.output<typeof classAnswer>;
export type ClassWithStudents = z.output<typeof classWithStudentsAnswer>;
export type Person = z.output<typeof personAnswer>;

const at = (classId: string, rest = "") => `/class/${encodeURIComponent(classId)}${rest}`;

/** A teacher's own classes, or those that a student is in, oldest first. */
export const myClasses = () =>
  queryOptions({
    queryKey: ["classes"],
    queryFn: ({ signal }) => request("/class", z.array(classAnswer), { signal }),
  });

/** A class with its students. */
export const classOf = (classId: string) =>
  queryOptions({
    queryKey: ["classes", classId],
    queryFn: ({ signal }) => request(at(classId), classWithStudentsAnswer, { signal }),
  });

/** Students who have the text in their name or email; as many as are worth looking at. */
export const studentsWith = (text: string) =>
  queryOptions({
    queryKey: ["students", text],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      request(`/students?${new URLSearchParams({ q: text, limit: `${FOUND_MAX}` })}`, z.array(personAnswer), {
        signal,
      }),
    enabled: text !== "",
  });

const FOUND_MAX = 20;

/** Makes a class. */
export const createClass = (className: string) =>
  changed(request("/class", classAnswer, { method: "POST", body: { className } }));

/** Gives a class another name. */
export const renameClass = (classId: string, className: string) =>
  changed(request(at(classId), classAnswer, { method: "PATCH", body: { className } }));

/** Takes a class out of every list; a running session of it is ended first. */
export const archiveClass = (classId: string) =>
  changed(request(at(classId), classAnswer, { method: "DELETE" }));

/** Puts a student on the roll. */
export const addStudent = (classId: string, studentId: string) =>
  changed(request(at(classId, "/add-student"), classAnswer, { method: "POST", body: { studentId } }));

/** Takes a student off the roll. */
export const removeStudent = (classId: string, studentId: string) =>
  changed(
    request(at(classId, `/students/${encodeURIComponent(studentId)}`), classAnswer, { method: "DELETE" }),
  );

/** What was shown of classes is asked for anew. */
async function changed<T>(done: Promise<T>): Promise<T> {
  const value = await done;
  await queries.invalidateQueries({ queryKey: ["classes"] });
  return value;
}
