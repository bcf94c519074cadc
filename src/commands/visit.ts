import type { Actor } from "../core/people.ts";
import type { BrowserSession } from "../ports/browser-sessions.ts";

/** The cookies that we give: who is signed in here, and that this device has signed in before. */
export type CookieName = "browser" | "device" | "outside";

/** What a request says of itself beside who sends it. */
export interface Visit {
  /** Where it comes from, as limits count it. */
  readonly address: string;
  /** The browser in a few words. */
  readonly device: string;
  /** False where a browser sends it for a page of an origin that is not allowed. */
  readonly isOwn: boolean;
  /** What a cookie of ours holds; null where there is none. */
  cookie(name: CookieName): string | null;
  /** Gives the browser a cookie for so long, or takes it away (null). */
  give(name: CookieName, value: string | null, lifetimeMs?: number): void;
  /** Who is signed in in this browser, whatever else the request carries. */
  signedIn(): Promise<SignedIn | null>;
}

export interface SignedIn {
  readonly actor: Actor;
  readonly session: BrowserSession;
  readonly secret: string;
}

/** Where a deed was done, for the trail. */
export const placeOf = ({ address, device }: Visit) => ({ address, device });

/** What has no request: a frame of a socket. */
export const NOWHERE: Visit = {
  address: "",
  device: "",
  isOwn: false,
  cookie: () => null,
  give: () => undefined,
  signedIn: async () => null,
};
