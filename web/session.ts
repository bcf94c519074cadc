import { useSyncExternalStore } from "react";
import type { z } from "zod";
import { ticketAnswer, tokenAnswer, userAnswer } from "../protocol/http.ts";
import { ApiError } from "./api/error.ts";
import { request } from "./api/request.ts";

export type Me = z.output<typeof userAnswer>;

/** Who is signed in on this page. `lost`: somebody was, until the server said otherwise. */
export type Session =
  | { readonly state: "unknown" }
  | { readonly state: "nobody"; readonly lost: boolean }
  | { readonly state: "known"; readonly me: Me };

export interface SignUp {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: "teacher" | "student";
}

/** Outlives a reload and not the tab; until cookies carry the session. */
const TOKEN = "rollcall-token";
let session: Session = { state: "unknown" };
const listeners = new Set<() => void>();

/** Who is signed in, kept up with. */
export const useSession = (): Session => useSyncExternalStore(subscribe, () => session);

/** Finds out who is signed in from before. Throws ApiError where the server does not say. */
export async function resume(): Promise<void> {
  if (!sessionStorage.getItem(TOKEN)) {
    become({ state: "nobody", lost: false });
    return;
  }
  try {
    become({ state: "known", me: await whoAmI() });
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "unauthorized") throw error;
    forget(false);
  }
}

/** Signs in. Throws ApiError. */
export async function signIn(email: string, password: string): Promise<void> {
  const body = { email, password };
  const { token } = await request("/auth/login", tokenAnswer, { method: "POST", body, signedIn: false });
  sessionStorage.setItem(TOKEN, token);
  become({ state: "known", me: await whoAmI() });
}

/** Makes an account and signs in with it. Throws ApiError. */
export async function signUp(given: SignUp): Promise<void> {
  await request("/auth/signup", userAnswer, { method: "POST", body: given, signedIn: false });
  await signIn(given.email, given.password);
}

/** Signs out. */
export async function signOut(): Promise<void> {
  forget(false);
}

/** The server does not know who this is any more. */
export function lost(): void {
  if (session.state === "known") forget(true);
}

/** The headers of a request in the name of who is signed in. */
export function authorized(_method: string, headers: Readonly<Record<string, string>>): RequestInit {
  const token = sessionStorage.getItem(TOKEN);
  return { headers: { ...headers, ...(token && { Authorization: `Bearer ${token}` }) } };
}

/** What opens one rollcall.v1 socket in the name of who is signed in. */
export const socketCredentials = () => request("/auth/ticket", ticketAnswer, { method: "POST" });

const whoAmI = () => request("/auth/me", userAnswer, { signedIn: false });

function forget(wasLost: boolean): void {
  sessionStorage.removeItem(TOKEN);
  become({ state: "nobody", lost: wasLost });
}

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
