import { useSyncExternalStore } from "react";
import type { z } from "zod";
import {
  changedPasswordAnswer,
  endedBrowsersAnswer,
  signedInAnswer,
  whoIsSignedInAnswer,
} from "../protocol/accounts.ts";
import { signedUpAnswer, type userAnswer } from "../protocol/http.ts";
import { queries } from "./api/queries.ts";
import { request } from "./api/request.ts";

export type Me = z.output<typeof userAnswer>;

/** Who is signed in in this browser. `lost`: somebody was, until the server said otherwise. */
export type Session =
  | { readonly state: "unknown" }
  | { readonly state: "nobody"; readonly lost: boolean }
  /** `round` counts the sessions of this page: what lived by an earlier one is over. */
  | { readonly state: "known"; readonly me: Me; readonly round: number };

export interface SignUp {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: "teacher" | "student";
  /** A teacher's one-time code, where the server asks for one; else empty. */
  readonly invitation: string;
}

const SESSION = "/auth/session";
/** The cookie is the browser's: its other tabs want to know when it is another. */
const tabs = new BroadcastChannel("rollcall-session");
const listeners = new Set<() => void>();
let session: Session = { state: "unknown" };
/** What changes anything carries it, so that no page of another site can; it stays in memory. */
let csrfToken: string | null = null;
let rounds = 0;
/** While one's own session is being replaced, a refusal of the old one means nothing. */
let replacing = false;

tabs.onmessage = () => void resume().catch(() => undefined);

/** Who is signed in, kept up with. */
export const useSession = (): Session => useSyncExternalStore(subscribe, () => session);

/** Finds out who is signed in. Throws ApiError where the server does not say. */
export async function resume(): Promise<void> {
  const answer = await request(SESSION, whoIsSignedInAnswer);
  csrfToken = answer.csrfToken;
  if (answer.user) know(answer.user);
  else become({ state: "nobody", lost: session.state === "known" });
}

/** Signs this browser in. Throws ApiError. */
export async function signIn(email: string, password: string): Promise<void> {
  const body = { email, password };
  const answer = await request(SESSION, signedInAnswer, { method: "POST", body, signedIn: false });
  begin(answer);
}

/** Makes an account and signs in with it. Throws ApiError. */
export async function signUp({ invitation, ...given }: SignUp): Promise<void> {
  const body = { ...given, ...(given.role === "teacher" && invitation && { invitation }) };
  await request("/auth/signup", signedUpAnswer, { method: "POST", body, signedIn: false });
  await signIn(given.email, given.password);
}

/** Sets another password: every session from before ends, and this browser goes on with a new one. Throws ApiError. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  replacing = true;
  try {
    const body = { password, newPassword };
    const asked = { method: "POST", body, signedIn: false } as const;
    const { signedIn } = await request("/auth/password", changedPasswordAnswer, asked);
    if (signedIn) begin(signedIn);
  } finally {
    replacing = false;
  }
}

/** Signs this browser out. Throws ApiError, and then it is still in. */
export async function signOut(): Promise<void> {
  await request(SESSION, endedBrowsersAnswer, { method: "DELETE" });
  left();
}

/** This browser's session has been ended on the server, as was asked. */
export function left(): void {
  csrfToken = null;
  become({ state: "nobody", lost: false });
  tabs.postMessage("changed");
}

/** The server does not know who this is any more. */
export function lost(): void {
  if (session.state !== "known" || replacing) return;
  csrfToken = null;
  become({ state: "nobody", lost: true });
}

/** The headers of a request in the name of who is signed in; its cookie goes along by itself. */
export function authorized(method: string, headers: Readonly<Record<string, string>>): RequestInit {
  const changes = method !== "GET" && csrfToken !== null;
  return { headers: { ...headers, ...(changes && { "X-CSRF-Token": csrfToken ?? "" }) } };
}

/** What opens a rollcall.v1 socket in the name of who is signed in. */
export const socketCredentials = async (): Promise<{ readonly cookie: true }> => ({ cookie: true });

/** Goes on with a session that has just been made. */
function begin(answer: z.output<typeof signedInAnswer>): void {
  csrfToken = answer.csrfToken;
  rounds += 1;
  know(answer.user);
  tabs.postMessage("changed");
}

const know = (me: Me): void => become({ state: "known", me, round: rounds });

function become(next: Session): void {
  // What one person was shown is not the next one's to see.
  if (idOf(next) !== idOf(session)) queries.clear();
  session = next;
  for (const listener of listeners) listener();
}

const idOf = (some: Session): string | null => (some.state === "known" ? some.me._id : null);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
