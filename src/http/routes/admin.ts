import {
  anyClassWithStudentsAnswer,
  changedUserAnswer,
  classesPageAnswer,
  codeAnswer,
  erasedAnswer,
  handedOverAnswer,
  trailAnswer,
  usersPageAnswer,
} from "../../../protocol/accounts.ts";
import { runningAnswer, settingsAnswer } from "../../../protocol/administration.ts";
import { chatAnswer } from "../../../protocol/chat.ts";
import { sessionAnswer, sessionsAnswer } from "../../../protocol/http.ts";
import {
  handOver,
  listAllClasses,
  listAnySessions,
  showAnyClass,
  showAnySession,
} from "../../commands/admin-classes.ts";
import { changeUser, invite, listUsers, makeResetLink } from "../../commands/admin-users.ts";
import { erasePerson } from "../../commands/erase-person.ts";
import { listRunning, listSettings } from "../../commands/oversee.ts";
import { searchTrail } from "../../commands/search-trail.ts";
import { showAnyChat } from "../../commands/session-chat.ts";
import { ADA, BEN_SHOWN, CLASS_SHOWN, CODE, EIGHT } from "../docs/examples.ts";
import { type Route, route } from "../route.ts";
import { HELD, SAID, SHOWN } from "./sessions.ts";

const DAY_MS = 86_400_000;
const ben = {
  ...BEN_SHOWN,
  role: "student",
  disabled: false,
  hasPassword: true,
  issuer: null,
  createdAt: new Date(EIGHT).toISOString(),
} as const;
const expiresAt = new Date(EIGHT + DAY_MS).toISOString();
const physics = { ...CLASS_SHOWN, archivedAt: null };
const teacher = { _id: ADA, name: "Ada" };

const aboutUsers: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/users",
    tag: "Administration",
    summary: "Find users",
    description: "In pages, in the order of their ids.",
    command: listUsers,
    query: ["q", "cursor", "limit"],
    status: 200,
    answer: usersPageAnswer,
    example: { data: { users: [ben], next: null } },
  }),
  route({
    method: "PATCH",
    path: "/admin/users/:userId",
    tag: "Administration",
    summary: "Change a user's role, or disable them",
    description:
      "Either closes their sockets at once and refuses the tokens and sessions that they had. Nobody changes the own account here, and whom the outside issuer knows has the role that it gives.",
    command: changeUser,
    status: 200,
    answer: changedUserAnswer,
    example: { body: { role: "teacher", disabled: false }, data: { ...ben, role: "teacher" } },
  }),
  route({
    method: "POST",
    path: "/admin/users/:userId/reset-link",
    tag: "Administration",
    summary: "Make a link for a new password",
    description: "Opens once, for a day. Give it to that person alone.",
    command: makeResetLink,
    status: 201,
    answer: codeAnswer,
    example: { data: { code: CODE, path: `/reset-password#${CODE}`, expiresAt } },
  }),
  route({
    method: "POST",
    path: "/admin/users/:userId/erase",
    tag: "Administration",
    summary: "Erase a person",
    description:
      "Name, email, password, signed-in browsers, and what stands beside the trail go for good; sessions and totals stay, with the id alone. A teacher's classes are handed to somebody else first. Backups from before still hold what is erased here.",
    command: erasePerson,
    status: 200,
    answer: erasedAnswer,
    example: { data: { erased: true } },
  }),
  route({
    method: "POST",
    path: "/admin/invitations",
    tag: "Administration",
    summary: "Invite a teacher",
    description: "A code by which one person signs up as a teacher, once: the `invitation` of a sign-up.",
    command: invite,
    status: 201,
    answer: codeAnswer,
    example: { data: { code: CODE, path: `/create-account#${CODE}`, expiresAt } },
  }),
];

const aboutClasses: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/classes",
    tag: "Administration",
    summary: "All classes",
    description: "Archived ones too, oldest first, in pages.",
    command: listAllClasses,
    query: ["cursor", "limit"],
    status: 200,
    answer: classesPageAnswer,
    example: { data: { classes: [{ ...physics, teacher }], next: null } },
  }),
  route({
    method: "GET",
    path: "/admin/classes/:classId",
    tag: "Administration",
    summary: "Show any class",
    description: "With its students; an archived one too.",
    command: showAnyClass,
    status: 200,
    answer: anyClassWithStudentsAnswer,
    example: { data: { ...physics, teacher, students: [BEN_SHOWN] } },
  }),
  route({
    method: "PATCH",
    path: "/admin/classes/:classId",
    tag: "Administration",
    summary: "Hand a class to another teacher",
    description: "Its sessions and records stay as they are. A running session must end first.",
    command: handOver,
    status: 200,
    answer: handedOverAnswer,
    example: { body: { teacherId: ADA }, data: physics },
  }),
  route({
    method: "GET",
    path: "/admin/classes/:classId/sessions",
    tag: "Administration",
    summary: "The sessions of any class",
    description: "As its teacher sees them.",
    command: listAnySessions,
    query: ["before", "limit"],
    status: 200,
    answer: sessionsAnswer,
    example: { data: { sessions: [HELD], next: null } },
  }),
  route({
    method: "GET",
    path: "/admin/sessions/:sessionId",
    tag: "Administration",
    summary: "Show any session",
    description: "As its teacher sees it.",
    command: showAnySession,
    query: ["after", "limit"],
    status: 200,
    answer: sessionAnswer,
    example: { data: SHOWN },
  }),
];

const aboutChat = route({
  method: "GET",
  path: "/admin/sessions/:sessionId/chat",
  tag: "Administration",
  summary: "What was said in the room of any session",
  description: "As its teacher sees it. That it was read is written into the trail.",
  command: showAnyChat,
  query: ["after", "limit"],
  status: 200,
  answer: chatAnswer,
  example: { data: SAID },
});

const aboutDeeds = route({
  method: "GET",
  path: "/admin/audit",
  tag: "Administration",
  summary: "Search what people did",
  description:
    "Sign-ins and failures, changes of roles, accounts and rolls, exports: the newest first, in pages. Entries are ids in a hash-chained log, which `rollcall verify` checks; `details` stand beside it and can be erased.",
  command: searchTrail,
  query: ["deed", "user", "since", "until", "cursor", "limit"],
  status: 200,
  answer: trailAnswer,
  example: {
    data: {
      entries: [
        {
          number: 7,
          at: new Date(EIGHT).toISOString(),
          deed: "role-changed",
          actor: { _id: ADA, name: "Ada" },
          subject: { _id: BEN_SHOWN._id, name: BEN_SHOWN.name },
          classId: null,
          sessionId: null,
          from: "student",
          to: "teacher",
          times: 1,
          details: null,
        },
      ],
      next: null,
    },
  },
});

const { endedAt: _, ...running } = HELD;

const aboutServer: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/sessions",
    tag: "Administration",
    summary: "The sessions that run now",
    description: "The last started first, at most PAGE_SIZE_MAX of them.",
    command: listRunning,
    status: 200,
    answer: runningAnswer,
    example: {
      data: { sessions: [{ ...running, className: CLASS_SHOWN.className, teacher }], count: 1 },
    },
  }),
  route({
    method: "GET",
    path: "/admin/settings",
    tag: "Administration",
    summary: "The settings",
    description:
      "Every setting of this server, what it does, and whether it is the default. They are changed in the environment or in .env, and read at the start; of secrets only that they are set is told.",
    command: listSettings,
    status: 200,
    answer: settingsAnswer,
    example: {
      data: {
        settings: [
          {
            name: "CLASS_SIZE_MAX",
            value: "5000",
            secret: false,
            isDefault: true,
            about: "Students in one class.",
          },
        ],
      },
    },
  }),
];

/** What admins see and change. */
export const adminRoutes: readonly Route[] = [
  ...aboutUsers,
  ...aboutClasses,
  aboutChat,
  aboutDeeds,
  ...aboutServer,
];
