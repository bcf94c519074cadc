import { z } from "zod";
import type { User } from "../core/people.ts";
import type { Begun, ReturnFault, TokenFault } from "../ports/identity.ts";
import type { Context } from "./context.ts";
import { openBrowser } from "./open-browser.ts";
import type { Visit } from "./visit.ts";

/** Why a browser is not signed in, in the order in which it may happen. */
export type SignInFault = ReturnFault | "not-set-up" | "not-admitted";

/** How long somebody may take at the issuer, in ms. */
const BEGUN_MS = 600_000;
const RETURN_TO_MAX = 2000;

const cookieSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  until: z.number(),
});

/** OI20: where to send the browser; what it must bring back is put into a cookie of its own. */
export async function beginOutside(
  { outsideSignIn, clock }: Context,
  visit: Visit,
  redirectUri: string,
  returnTo: string | null,
): Promise<{ readonly url: string } | SignInFault> {
  if (!outsideSignIn) return "not-set-up";
  const begun = await outsideSignIn.begin(redirectUri);
  if (!begun) return "away";
  const kept = { ...begun.begun, returnTo: localPath(returnTo), until: clock.now() + BEGUN_MS };
  visit.give("outside", Buffer.from(JSON.stringify(kept)).toString("base64url"), BEGUN_MS);
  return { url: begun.url };
}

/** OI21: signs the browser in as whoever came back, and says where it wanted to go. */
export async function finishOutside(
  context: Context,
  visit: Visit,
  url: URL,
): Promise<{ readonly returnTo: string } | SignInFault> {
  if (!context.outsideSignIn) return "not-set-up";
  const kept = keptIn(visit.cookie("outside"));
  // Whatever comes of it, it can be used once.
  visit.give("outside", null);
  if (!kept || kept.until < context.clock.now()) return "not-begun";
  const returned = await context.outsideSignIn.finish(url, kept);
  if (returned === "no-role") context.trail.failed(null, visit.address);
  if (typeof returned === "string") return returned;
  const user: User | TokenFault = await context.outsiders(returned.token, returned.text);
  if (typeof user === "string") {
    const { issuer, subject } = returned.token;
    const known = await context.store.users.bySubject(issuer, subject);
    context.trail.failed(known?.id ?? null, visit.address);
    return "not-admitted";
  }
  await openBrowser(context, visit, user);
  return { returnTo: localPath(kept.returnTo) };
}

function keptIn(
  cookie: string | null,
): (Begun & { readonly returnTo: string; readonly until: number }) | null {
  try {
    return cookieSchema.parse(JSON.parse(Buffer.from(cookie ?? "", "base64url").toString()));
  } catch {
    return null;
  }
}

const NOWHERE = "http://rollcall.invalid";

/** OI22: a path of ours, or "/": nobody is sent elsewhere, however the text is spelled. */
export function localPath(text: string | null): string {
  if (!text?.startsWith("/") || text.length > RETURN_TO_MAX) return "/";
  const url = URL.parse(text, NOWHERE);
  if (url?.origin !== NOWHERE) return "/";
  const path = url.pathname + url.search + url.hash;
  // A path that begins with two slashes names a host again.
  return path.startsWith("//") ? "/" : path;
}
