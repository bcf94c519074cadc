import {
  browsersAnswer,
  endedBrowsersAnswer,
  signedInAnswer,
  whoIsSignedInAnswer,
} from "../../../protocol/accounts.ts";
import { signIn, whoIsSignedIn } from "../../commands/sign-in.ts";
import { listBrowsers, signOut, signOutBrowser, signOutEverywhere } from "../../commands/sign-out.ts";
import { ADA, BROWSER, EIGHT } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

const DAYS_30_MS = 2_592_000_000;
const user = { _id: ADA, name: "Ada", email: "ada@school.test", role: "teacher" } as const;
const session = {
  _id: BROWSER,
  device: "Firefox on Linux",
  createdAt: new Date(EIGHT).toISOString(),
  usedAt: new Date(EIGHT).toISOString(),
  current: true,
};
const signedIn = {
  user,
  session,
  csrfToken: "u5bqZ0yNwCkOBNaXQ0S6cR0mI0M2Yw1wV3JxkqvVYhE",
  endsAt: new Date(EIGHT + DAYS_30_MS).toISOString(),
};

/** Signing browsers in and out. */
export const browserRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/auth/session",
    tag: "People",
    summary: "Sign this browser in",
    description:
      "Sets a cookie that scripts cannot read, instead of giving a token. Requests that live by it count where they come from a page of this server or of ALLOWED_ORIGINS; what changes anything also carries `csrfToken` in `X-CSRF-Token`. A request with `Authorization` ignores the cookie.",
    command: signIn,
    status: 201,
    answer: signedInAnswer,
    example: { body: { email: "ada@school.test", password: "secret1" }, data: signedIn },
  }),
  route({
    method: "GET",
    path: "/auth/session",
    tag: "People",
    summary: "Who is signed in in this browser",
    description: "The user, the session and its CSRF token; all null where nobody is.",
    command: whoIsSignedIn,
    status: 200,
    answer: whoIsSignedInAnswer,
    example: { data: signedIn },
  }),
  route({
    method: "DELETE",
    path: "/auth/session",
    tag: "People",
    summary: "Sign this browser out",
    description: "Ends its session and the sockets that live by it. With a token there is nothing to end.",
    command: signOut,
    status: 200,
    answer: endedBrowsersAnswer,
    example: { data: { ended: 1 } },
  }),
  route({
    method: "GET",
    path: "/auth/sessions",
    tag: "People",
    summary: "Where am I signed in",
    description: "The browsers in which you are signed in, the last used first.",
    command: listBrowsers,
    status: 200,
    answer: browsersAnswer,
    example: { data: [session] },
  }),
  route({
    method: "DELETE",
    path: "/auth/sessions/:browserId",
    tag: "People",
    summary: "Sign one browser out",
    description: "Ends one of your browser sessions and the sockets that live by it.",
    command: signOutBrowser,
    status: 200,
    answer: endedBrowsersAnswer,
    example: { data: { ended: 1 } },
  }),
  route({
    method: "POST",
    path: "/auth/sign-out-everywhere",
    tag: "People",
    summary: "Sign out everywhere",
    description: "Ends all your browser sessions, this one too, all your tokens and all your sockets.",
    command: signOutEverywhere,
    status: 200,
    answer: endedBrowsersAnswer,
    example: { data: { ended: 2 } },
  }),
];
