import { z } from "zod";
import { beginOutside, finishOutside, type SignInFault } from "../commands/outside-sign-in.ts";
import type { HttpParts } from "./app.ts";
import type { Page } from "./route.ts";
import type { HttpVisit } from "./visit.ts";

const HTML = "text/html; charset=utf-8";
const START = "/auth/oidc/start";
const CALLBACK = "/auth/oidc/callback";

interface Words {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly again: boolean;
}

/** Why a page is shown instead; "failed": the server could not do what it should. */
type PageFault = SignInFault | "failed";

/** What a person reads who is not signed in, and what they can do. */
const WORDS: Readonly<Record<PageFault, Words>> = {
  "not-set-up": {
    status: 404,
    title: "There is no such sign-in here",
    text: "This server signs people in by email and password. Whoever runs it can set up your school's sign-in.",
    again: false,
  },
  away: {
    status: 503,
    title: "Your school's sign-in does not answer",
    text: "Nothing is wrong with your account. Try again in a minute.",
    again: true,
  },
  "not-begun": {
    status: 400,
    title: "This sign-in cannot be finished",
    text: "It was begun in another browser or tab, took longer than ten minutes, or was used before. Begin again here.",
    again: true,
  },
  denied: {
    status: 403,
    title: "Your school's sign-in did not let you in",
    text: "It was cancelled there, or you may not use Rollcall with that account.",
    again: true,
  },
  "no-role": {
    status: 403,
    title: "Your school's sign-in does not say who you are",
    text: "It must tell whether you are a teacher or a student. Ask whoever looks after your school's accounts to add the role.",
    again: false,
  },
  "not-admitted": {
    status: 403,
    title: "You cannot use Rollcall with that account",
    text: "It is disabled here, or was changed since you signed in. Sign in again, or ask an admin of your school.",
    again: true,
  },
  failed: {
    status: 503,
    title: "Rollcall could not sign you in",
    text: "Nothing is wrong with your account, the server could not save the sign-in. Try again in a minute.",
    again: true,
  },
};

const STYLE = '<link rel="stylesheet" href="/static/index.css"><link rel="icon" href="/static/icon.svg">';

function refusalPage(fault: PageFault): Response {
  const { status, title, text, again } = WORDS[fault];
  const links = `${again ? `<a href="${START}">Sign in again</a> · ` : ""}<a href="/">To the beginning</a>`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${STYLE}`;
  const page = `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${title}</h1><p>${text}</p><p>${links}</p></main></body></html>`;
  const later: Record<string, string> = status === 503 ? { "Retry-After": "30" } : {};
  return new Response(page, { status, headers: { "Content-Type": HTML, ...later } });
}

/** Those who ask here are people in a browser: whatever fails, they read a page. */
export async function asPage(
  attempt: () => Promise<Response>,
  troubled: (error: unknown) => void,
): Promise<Response> {
  try {
    return await attempt();
  } catch (error) {
    troubled(error);
    return refusalPage("failed");
  }
}

const redirect = (location: string): Response =>
  new Response(null, { status: 303, headers: { Location: location } });

const troubledBy =
  ({ context, requests }: HttpParts, request: Request) =>
  (error: unknown) =>
    context.troubled("a sign-in by the issuer failed here", error, { request: requests.idOf(request) });

/** Where the issuer sends browsers back to: as the operator says, or where this browser asks. */
const ownUrl = (visit: HttpVisit, asked: URL, path: string): URL => new URL(path, visit.originOf(asked));

const shown = (faults: readonly PageFault[]) =>
  Object.fromEntries(
    faults.map((fault) => {
      const { status, title, text } = WORDS[fault];
      return [
        status,
        { description: `${title}. ${text}`, type: "text/html", schema: z.string(), example: title },
      ];
    }),
  );

const moved = (description: string) => ({
  303: { description, type: "text/html", schema: z.string(), example: "" },
});

const start: Page = {
  method: "GET",
  path: START,
  tag: "People",
  summary: "Sign in at the outside issuer",
  description:
    "Sends a browser to the issuer, with PKCE, state and nonce; `?returnTo=` is a path of this server where it is to be in the end.",
  answers: { ...moved("On to the issuer."), ...shown(["not-set-up", "away"]) },
  serve: (parts, request, visit) =>
    asPage(
      async () => {
        const asked = new URL(request.url);
        const redirectUri = ownUrl(visit, asked, CALLBACK).href;
        const wish = asked.searchParams.get("returnTo");
        const begun = await beginOutside(parts.context, visit, redirectUri, wish);
        return typeof begun === "string" ? refusalPage(begun) : redirect(begun.url);
      },
      troubledBy(parts, request),
    ),
};

const callback: Page = {
  method: "GET",
  path: CALLBACK,
  tag: "People",
  summary: "Come back from the outside issuer",
  description:
    "Where the issuer sends the browser back to. It is signed in by a cookie, as by `POST /auth/session`, always with a new session.",
  answers: {
    ...moved("Signed in, and on to where the browser wanted to be."),
    ...shown(["not-begun", "denied", "not-set-up", "away"]),
  },
  serve: (parts, request, visit) =>
    asPage(
      async () => {
        const asked = new URL(request.url);
        const back = ownUrl(visit, asked, CALLBACK + asked.search);
        const finished = await finishOutside(parts.context, visit, back);
        return typeof finished === "string" ? refusalPage(finished) : redirect(finished.returnTo);
      },
      troubledBy(parts, request),
    ),
};

/** Signing in at the outside issuer, for browsers. */
export const outsidePages: readonly Page[] = [start, callback];
