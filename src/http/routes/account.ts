import {
  changedPasswordAnswer,
  myDataAnswer,
  resetAnswer,
  setUpStateAnswer,
} from "../../../protocol/accounts.ts";
import { userAnswer } from "../../../protocol/http.ts";
import { changeAccount, changePassword, resetPassword } from "../../commands/account.ts";
import { myData } from "../../commands/my-data.ts";
import { setUp, showSetUp } from "../../commands/set-up.ts";
import { ADA, CLASS, CODE, SESSION, TOKEN } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";

const ada = { _id: ADA, name: "Ada", email: "ada@school.test", role: "teacher" } as const;

/** One's own account, and the first one of all. */
export const accountRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/auth/password",
    tag: "People",
    summary: "Change my password",
    description:
      "Ends every session, token and socket from before. The answer holds what the asker goes on with: a new token, or a new session of this browser.",
    command: changePassword,
    status: 200,
    answer: changedPasswordAnswer,
    example: {
      body: { password: "secret1", newPassword: "a better secret" },
      data: { token: TOKEN, signedIn: null },
    },
  }),
  route({
    method: "PATCH",
    path: "/auth/me",
    tag: "People",
    summary: "Change my name or email",
    description: "The password is asked again. What is not named stays.",
    command: changeAccount,
    status: 200,
    answer: userAnswer,
    example: {
      body: { name: "Ada L.", email: "ada@school.test", password: "secret1" },
      data: { ...ada, name: "Ada L." },
    },
  }),
  route({
    method: "POST",
    path: "/auth/reset",
    tag: "People",
    summary: "Set a new password by a link",
    description:
      "By the one-time code of `POST /admin/users/:userId/reset-link`. Everything from before ends.",
    command: resetPassword,
    status: 200,
    answer: resetAnswer,
    example: { body: { code: CODE, newPassword: "a better secret" }, data: { reset: true } },
  }),
  route({
    method: "GET",
    path: "/account/data",
    tag: "People",
    summary: "Everything held about me",
    description:
      "The account, signed-in browsers, classes, records, sessions held, what was said in rooms, and the trail of what was done by you or to you.",
    command: myData,
    status: 200,
    answer: myDataAnswer,
    example: {
      data: {
        at: "2026-01-05T08:00:00.000Z",
        user: { ...ada, issuer: null, subject: null, createdAt: "2026-01-05T08:00:00.000Z" },
        browsers: [],
        classes: [
          { classId: CLASS, className: "Physics 9b", role: "teacher", onRoll: false, archivedAt: null },
        ],
        records: [],
        sessions: [{ sessionId: SESSION, classId: CLASS, startedAt: "2026-01-05T08:00:00.000Z" }],
        said: [],
        trail: [],
      },
    },
  }),
  route({
    method: "GET",
    path: "/setup",
    tag: "Administration",
    summary: "Whether the server is to be set up",
    description: "It is for as long as it has no admin.",
    command: showSetUp,
    status: 200,
    answer: setUpStateAnswer,
    example: { data: { open: true, empty: true } },
  }),
  route({
    method: "POST",
    path: "/setup",
    tag: "Administration",
    summary: "Set the server up",
    description:
      "Makes the first admin, by the one-time code that the server prints when it starts without one; with `demo` it also fills in a school to try.",
    command: setUp,
    status: 201,
    answer: userAnswer,
    example: {
      body: { code: CODE, name: "Ada", email: "ada@school.test", password: "a long secret", demo: false },
      data: { ...ada, role: "admin" },
    },
  }),
];
