import { z } from "zod";
import { signedUpAnswer, ticketAnswer, tokenAnswer, userAnswer, waysAnswer } from "../../../protocol/http.ts";
import { issueTicket } from "../../commands/issue-ticket.ts";
import { linkSignIn } from "../../commands/link-sign-in.ts";
import { logIn } from "../../commands/log-in.ts";
import { signInWays } from "../../commands/sign-in-ways.ts";
import { signUp } from "../../commands/sign-up.ts";
import { whoAmI } from "../../commands/who-am-i.ts";
import { ADA, EIGHT, TOKEN } from "../docs/examples.ts";
import { alsoAt, type Route, route } from "../route.ts";

const ada = { _id: ADA, name: "Ada", email: "ada@school.test", role: "teacher" };

const signingUp = route({
  method: "POST",
  path: "/auth/signup",
  tag: "People",
  summary: "Sign up",
  description:
    "Makes an account of a teacher or a student. An email belongs to one account; nobody signs up as admin.",
  command: signUp,
  status: 201,
  answer: signedUpAnswer,
  example: {
    body: { name: "Ada", email: "ada@school.test", password: "secret1", role: "teacher" },
    data: ada,
  },
});

const loggingIn = route({
  method: "POST",
  path: "/auth/login",
  tag: "People",
  summary: "Log in",
  description:
    "Gives a token that lives one day. Send it as `Authorization: Bearer TOKEN`, or bare. An unknown email and a wrong password get the same answer.",
  command: logIn,
  status: 200,
  answer: tokenAnswer,
  example: { body: { email: "ada@school.test", password: "secret1" }, data: { token: TOKEN } },
});

const askingWho = route({
  method: "GET",
  path: "/auth/me",
  tag: "People",
  summary: "Who am I",
  description: "The account that the token stands for.",
  command: whoAmI,
  status: 200,
  answer: userAnswer,
  example: { data: ada },
});

const takingTicket = route({
  method: "POST",
  path: "/auth/ticket",
  tag: "People",
  summary: "Get a ticket for a socket",
  description:
    "Opens one `rollcall.v1` socket, once, within 30 seconds: it goes into that socket's first frame, so that no token has to.",
  command: issueTicket,
  status: 201,
  answer: ticketAnswer,
  example: {
    data: {
      ticket: "mC0v1gq8c1nJcC3aT2H8k1pXo1qkYx0m5fQm6mPqk3E",
      expiresAt: new Date(EIGHT + 30_000).toISOString(),
    },
  },
});

const askingWays = route({
  method: "GET",
  path: "/auth/ways",
  tag: "People",
  summary: "How people sign in here",
  description: "By password, at an outside issuer, or both. Send browsers to `elsewhere` for the latter.",
  command: signInWays,
  status: 200,
  answer: waysAnswer,
  example: { data: { password: true, elsewhere: null } },
});

const linking = route({
  method: "POST",
  path: "/auth/link",
  tag: "People",
  summary: "Link my sign-in elsewhere",
  description:
    "Lets an account with a password be opened by the person's sign-in at the outside issuer too: from then on that issuer's tokens stand for this account. Both are shown: the password of this account, and an access token of the issuer. An account that the issuer's sign-in had here before, without classes, is disabled.",
  command: linkSignIn,
  status: 200,
  answer: userAnswer,
  example: { body: { password: "secret1", token: TOKEN }, data: ada },
});

const tokenBeside = {
  answer: tokenAnswer.extend({ type: z.literal("bearer") }),
  of: (data: unknown) => ({ ...(typeof data === "object" ? data : {}), type: "bearer" }),
};

export const authRoutes: readonly Route[] = [
  signingUp,
  alsoAt("/signup", signingUp),
  loggingIn,
  alsoAt("/login", loggingIn, {
    description: "A further name of `POST /auth/login`, with the token at the top level too.",
    beside: tokenBeside,
  }),
  askingWho,
  alsoAt("/me", askingWho),
  takingTicket,
  askingWays,
  linking,
];
