import { z } from "zod";
import { teacherShown } from "./administration.ts";
import {
  classAnswer,
  classInput,
  email,
  limit,
  newPassword,
  oneTimeCode,
  password,
  personAnswer,
  shortText,
  userAnswer,
} from "./http.ts";
import { browserIdSchema, classIdSchema, sessionIdSchema, statusSchema, userIdSchema } from "./ids.ts";
import { timeInRoom } from "./time-in-room.ts";

export const changePasswordInput = z.object({ password, newPassword });
export const changeAccountInput = z.object({ name: shortText.optional(), email: email.optional(), password });
export const resetPasswordInput = z.object({ code: oneTimeCode, newPassword });
export const setUpInput = z.object({
  code: oneTimeCode,
  name: shortText,
  email,
  password: newPassword,
  demo: z.boolean().default(false).meta({ description: "Whether a school to try is filled in." }),
});
export const browserInput = z.object({ browserId: browserIdSchema });
const part = z.string().trim().max(200).optional();
export const usersPageInput = z.object({
  q: part.meta({ description: "A part of a name or an email, in any letter case." }),
  cursor: userIdSchema.optional().meta({ description: "The `next` of the page before." }),
  limit,
});
export const userInput = z.object({ userId: userIdSchema });
export const changeUserInput = userInput.extend({
  role: z.enum(["teacher", "student", "admin"]).optional(),
  disabled: z.boolean().optional(),
});
export const classesPageInput = z.object({
  cursor: classIdSchema.optional().meta({ description: "The `next` of the page before." }),
  limit,
});
/** What the trail knows: the server's own list of deeds says the same. */
const deed = z
  .enum([
    "signed-up",
    "signed-in",
    "sign-in-failed",
    "signed-out",
    "linked",
    "password-changed",
    "password-reset",
    "account-changed",
    "admin-made",
    "role-changed",
    "disabled",
    "enabled",
    "erased",
    "reset-link-made",
    "teacher-invited",
    "class-made",
    "class-archived",
    "class-handed-over",
    "enrolled",
    "withdrawn",
    "exported",
    "chat-read",
    "sessions-removed",
  ])
  .meta({ id: "Deed" });
export const searchTrailInput = z.object({
  deed: deed.optional(),
  user: userIdSchema.optional().meta({ description: "Who did it, or whom it was about." }),
  since: z.iso.datetime().optional().meta({ description: "From this time on." }),
  until: z.iso.datetime().optional().meta({ description: "Before this time." }),
  cursor: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .meta({ type: "integer", description: "The `next` of the page before.", examples: [40] }),
  limit,
});
export const handOverInput = classInput.extend({ teacherId: userIdSchema });

/** A browser in which the user is signed in. */
const browserAnswer = z
  .object({
    _id: browserIdSchema,
    device: z.string().meta({ description: "The browser in a few words, such as `Firefox on Linux`." }),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime().meta({ description: "The last use, to the minute." }),
    current: z.boolean().meta({ description: "Whether it is the one that asks." }),
  })
  .meta({ id: "Browser" });
export const browsersAnswer = z.array(browserAnswer);
export const signedInAnswer = z.object({
  user: userAnswer,
  session: browserAnswer,
  csrfToken: z.string().meta({ description: "Every change by the cookie carries it in `X-CSRF-Token`." }),
  endsAt: z.iso.datetime().meta({ description: "When the session ends, however much it is used." }),
});
export const whoIsSignedInAnswer = z.object({
  user: userAnswer.nullable(),
  session: browserAnswer.nullable(),
  csrfToken: z.string().nullable(),
  endsAt: z.iso.datetime().nullable(),
});
export const endedBrowsersAnswer = z.object({
  ended: z.int().meta({ description: "How many browser sessions have ended." }),
});
export const changedPasswordAnswer = z.object({
  token: z.string().nullable().meta({ description: "A new token, for whoever came with one." }),
  signedIn: signedInAnswer
    .nullable()
    .meta({ description: "The new session, for whoever came by a browser's." }),
});
export const resetAnswer = z.object({ reset: z.literal(true) });
export const setUpStateAnswer = z.object({
  open: z.boolean().meta({ description: "Whether the server still waits for its first admin." }),
  empty: z.boolean().meta({ description: "Whether it has no users, so that a demo may be filled in." }),
});
const managedUserAnswer = userAnswer
  .extend({
    disabled: z.boolean(),
    hasPassword: z.boolean().meta({ description: "Whether they may log in here, without another system." }),
    issuer: z.string().nullable().meta({ description: "The outside issuer that knows them." }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "ManagedUser" });
export const changedUserAnswer = managedUserAnswer;
export const usersPageAnswer = z.object({
  users: z.array(managedUserAnswer),
  next: userIdSchema.nullable().meta({ description: "The `cursor` of the next page; null at the end." }),
});
export const codeAnswer = z.object({
  code: z.string(),
  path: z
    .string()
    .meta({ description: "The app's page that takes it; put this server's address before it." }),
  expiresAt: z.iso.datetime(),
});
const anyClassAnswer = classAnswer
  .extend({ archivedAt: z.iso.datetime().nullable() })
  .meta({ id: "AnyClass" });
export const handedOverAnswer = anyClassAnswer;
const anyClassShown = anyClassAnswer.extend({ teacher: teacherShown }).meta({ id: "AnyClassShown" });
export const anyClassWithStudentsAnswer = anyClassShown.extend({ students: z.array(personAnswer) });
export const classesPageAnswer = z.object({
  classes: z.array(anyClassShown),
  next: classIdSchema.nullable().meta({ description: "The `cursor` of the next page; null at the end." }),
});

const details = z
  .object({ address: z.string().optional(), device: z.string().optional() })
  .nullable()
  .meta({ description: "Where it was done; null where that was erased or never known." });
const entry = z.object({
  number: z.int(),
  at: z.iso.datetime(),
  deed,
  actor: userIdSchema.nullable(),
  subject: userIdSchema.nullable(),
  classId: classIdSchema.nullable(),
  sessionId: sessionIdSchema.nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  times: z.int(),
  details,
});
const named = z.object({ _id: userIdSchema, name: z.string().nullable() }).nullable();
export const trailAnswer = z.object({
  entries: z.array(entry.extend({ actor: named, subject: named })),
  next: z.int().nullable().meta({ description: "The `cursor` of the next page; null at the end." }),
});

export const erasedAnswer = z.object({ erased: z.literal(true) });
const inClass = { classId: classIdSchema, sessionId: sessionIdSchema, startedAt: z.iso.datetime() };
export const myDataAnswer = z.object({
  at: z.iso.datetime(),
  user: userAnswer.extend({
    issuer: z.string().nullable(),
    subject: z.string().nullable(),
    createdAt: z.iso.datetime(),
  }),
  browsers: z.array(browserAnswer),
  classes: z.array(
    z.object({
      classId: classIdSchema,
      className: z.string(),
      role: z.enum(["teacher", "student"]),
      onRoll: z.boolean(),
      archivedAt: z.iso.datetime().nullable(),
    }),
  ),
  records: z.array(
    z.object({
      ...inClass,
      status: statusSchema,
      since: z.iso.datetime(),
      by: z.enum(["teacher", "self", "system"]),
      ...timeInRoom,
    }),
  ),
  sessions: z.array(z.object(inClass)).meta({ description: "Those that the asking teacher has held." }),
  said: z
    .array(z.object({ sessionId: sessionIdSchema, at: z.iso.datetime(), text: z.string() }))
    .meta({ description: "In the video rooms of classes that keep it." }),
  trail: z.array(entry),
});
