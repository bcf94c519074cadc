import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import {
  browsersAnswer,
  endedBrowsersAnswer,
  resetAnswer,
  setUpStateAnswer,
} from "../../protocol/accounts.ts";
import { userAnswer, waysAnswer } from "../../protocol/http.ts";
import { left, resume } from "../session.ts";
import { queries } from "./queries.ts";
import { request } from "./request.ts";

export type Browser = z.output<typeof browsersAnswer>[number];

/** The browsers in which one is signed in, the last used first. */
export const myBrowsers = () =>
  queryOptions({
    queryKey: ["browsers"],
    queryFn: ({ signal }) => request("/auth/sessions", browsersAnswer, { signal }),
  });

/** Signs one browser out. */
export async function signOutBrowser({ _id, current }: Browser): Promise<void> {
  await request(`/auth/sessions/${encodeURIComponent(_id)}`, endedBrowsersAnswer, { method: "DELETE" });
  if (current) left();
  else await queries.invalidateQueries({ queryKey: ["browsers"] });
}

/** Ends every session, token and socket of one's own, this one too. */
export async function signOutEverywhere(): Promise<void> {
  await request("/auth/sign-out-everywhere", endedBrowsersAnswer, { method: "POST" });
  left();
}

export interface AccountChange {
  readonly name?: string;
  readonly email?: string;
  /** The present one, asked again. */
  readonly password: string;
}

/** Changes one's name or email. */
export async function changeAccount(change: AccountChange): Promise<void> {
  await request("/auth/me", userAnswer, { method: "PATCH", body: change });
  await resume();
}

/** Sets a new password by the one-time code of an administrator. */
export const resetPassword = (code: string, newPassword: string) =>
  request("/auth/reset", resetAnswer, { method: "POST", body: { code, newPassword }, signedIn: false });

/** How people sign in here: by a password, at the school's own service, or both. */
export const ways = () =>
  queryOptions({
    queryKey: ["ways"],
    queryFn: ({ signal }) => request("/auth/ways", waysAnswer, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Whether the server waits for its first administrator, and whether it is empty. */
export const setUpState = () =>
  queryOptions({
    queryKey: ["set-up"],
    queryFn: ({ signal }) => request("/setup", setUpStateAnswer, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface SetUp {
  readonly code: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Whether a school to try is filled in. */
  readonly demo: boolean;
}

/** Makes the first administrator. */
export const setUp = (given: SetUp) =>
  request("/setup", userAnswer, { method: "POST", body: given, signedIn: false });
