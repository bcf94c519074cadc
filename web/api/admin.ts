import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import {
  anyClassWithStudentsAnswer,
  changedUserAnswer,
  classesPageAnswer,
  codeAnswer,
  handedOverAnswer,
  usersPageAnswer,
} from "../../protocol/accounts.ts";
import { runningAnswer, settingsAnswer } from "../../protocol/administration.ts";
import { queries } from "./queries.ts";
import { request } from "./request.ts";

export type ManagedUser = z.output<typeof changedUserAnswer>;
export type Code = z.output<typeof codeAnswer>;
export type Setting = z.output<typeof settingsAnswer>["settings"][number];

const LISTED = 50;
const FOUND_MAX = 10;

/** Users who have the text in their name or email, all where it is empty, in pages. */
export const usersWith = (text: string) =>
  infiniteQueryOptions({
    queryKey: ["admin", "users", text],
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      request(
        `/admin/users?${new URLSearchParams({
          limit: `${LISTED}`,
          ...(text && { q: text }),
          ...(pageParam && { cursor: pageParam }),
        })}`,
        usersPageAnswer,
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** A few users who have the text in their name or email. */
export const someUsersWith = (text: string) =>
  queryOptions({
    queryKey: ["admin", "users", "some", text],
    queryFn: ({ signal }) =>
      request(`/admin/users?${new URLSearchParams({ q: text, limit: `${FOUND_MAX}` })}`, usersPageAnswer, {
        signal,
      }),
    enabled: text !== "",
  });

const ofUser = (userId: string, rest = "") => `/admin/users/${encodeURIComponent(userId)}${rest}`;

/** Gives a user another role, or disables them or lets them in again. */
export async function changeUser(
  userId: string,
  change: { readonly role?: ManagedUser["role"]; readonly disabled?: boolean },
): Promise<void> {
  await request(ofUser(userId), changedUserAnswer, { method: "PATCH", body: change });
  await queries.invalidateQueries({ queryKey: ["admin", "users"] });
}

/** Makes a link by which that person sets a new password, once. */
export const makeResetLink = (userId: string) =>
  request(ofUser(userId, "/reset-link"), codeAnswer, { method: "POST" });

/** Makes an invitation by which one person signs up as a teacher. */
export const invite = () => request("/admin/invitations", codeAnswer, { method: "POST" });

/** Every class, archived ones too, oldest first, in pages. */
export const allClasses = () =>
  infiniteQueryOptions({
    queryKey: ["admin", "classes"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      request(
        `/admin/classes?${new URLSearchParams({ limit: `${LISTED}`, ...(pageParam && { cursor: pageParam }) })}`,
        classesPageAnswer,
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Any class with its students. */
export const anyClass = (classId: string) =>
  queryOptions({
    queryKey: ["admin", "classes", classId],
    queryFn: ({ signal }) =>
      request(`/admin/classes/${encodeURIComponent(classId)}`, anyClassWithStudentsAnswer, { signal }),
  });

/** Hands a class to another teacher. */
export async function handOver(classId: string, teacherId: string): Promise<void> {
  await request(`/admin/classes/${encodeURIComponent(classId)}`, handedOverAnswer, {
    method: "PATCH",
    body: { teacherId },
  });
  await queries.invalidateQueries({ queryKey: ["admin", "classes"] });
}

const RUNNING_EVERY_MS = 5000;

/** The sessions that run now, in the whole school. */
export const running = () =>
  queryOptions({
    queryKey: ["admin", "running"],
    queryFn: ({ signal }) => request("/admin/sessions", runningAnswer, { signal }),
    refetchInterval: RUNNING_EVERY_MS,
  });

/** Every setting of the server. */
export const settings = () =>
  queryOptions({
    queryKey: ["admin", "settings"],
    queryFn: async ({ signal }) => (await request("/admin/settings", settingsAnswer, { signal })).settings,
  });
