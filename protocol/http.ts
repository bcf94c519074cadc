import { z } from "zod";
import {
  classIdInput,
  classIdSchema,
  roomIdSchema,
  sessionIdSchema,
  statusSchema,
  userIdSchema,
} from "./ids.ts";
import { peerIdSchema } from "./room.ts";
import { presenceRule, ruleAtEnd, timeInRoom } from "./time-in-room.ts";

/** Teacher or student, in any letter case; nobody signs up as anything else. */
const role = z
  .string()
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(["teacher", "student"]))
  .meta({ description: "`teacher` or `student`, in any letter case." });

/** Matched lower-cased, white space around it ignored. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email({ pattern: z.regexes.unicodeEmail }))
  .refine((value) => value.length <= 254, "expects at most 254 characters")
  .meta({ format: "email", description: "Matched lower-cased; at most 254 characters." });

export const shortText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "expects no control characters");
/** 1,024 characters bound the work of a hash; nobody types more. */
export const password = z.string().max(1024);

export const oneTimeCode = z.string().min(1).max(256).meta({ description: "A one-time code." });
export const newPassword = password.min(6);

export const signUpInput = z.object({
  name: shortText,
  email,
  password: newPassword,
  role,
  invitation: oneTimeCode.optional().meta({ description: "A teacher's, where the server asks for one." }),
});
export const loginInput = z.object({ email: z.string().trim().toLowerCase(), password });
export const linkInput = z.object({
  password,
  token: z
    .string()
    .max(64 * 1024)
    .meta({ description: "An access token of the sign-in service, for this server." }),
});
export const noInput = z.object({});
export const createClassInput = z.object({ className: shortText });
export const classInput = z.object({ classId: classIdInput });
export const changeClassInput = classInput
  .extend({
    className: shortText.optional(),
    presence: presenceRule
      .nullable()
      .optional()
      .meta({ description: "What time in the video room means for the marks; null: nothing." }),
    keepsChat: z
      .boolean()
      .optional()
      .meta({ description: "Whether what is said in the video room is kept with the session." }),
  })
  .refine(
    ({ className, presence, keepsChat }) =>
      [className, presence, keepsChat].some((given) => given !== undefined),
    {
      path: ["className"],
      message: "expects className, presence, keepsChat, or several of them",
    },
  )
  .meta({ minProperties: 1 });
/** Any text may be asked for: one that is no student's id is a student that is not found. */
export const classStudentInput = classInput.extend({
  studentId: z.string().min(1).meta({ description: "A student's id." }),
});
/** At most so many entries; the server's own limit (PAGE_SIZE_MAX) may be lower. */
const atMost = z.coerce.number().int().min(1).max(1000);
export const limit = atMost
  .default(50)
  .meta({ type: "integer", description: "How many at most, 50 where nothing is said." });
const page = {
  before: sessionIdSchema
    .optional()
    .meta({ description: "A session: those that were started before it. The `next` of the page before." }),
  limit,
};
export const pageInput = z.object(page);
export const classPageInput = classInput.extend(page);
export const sessionInput = z.object({ sessionId: sessionIdSchema });
export const sessionPageInput = sessionInput.extend({
  after: userIdSchema
    .optional()
    .meta({ description: "A student: those who come after. The `next` of the page before." }),
  limit,
});
export const findStudentsInput = z.object({
  q: z.string().trim().max(200).optional().meta({
    description: "A part of a name or an email, in any letter case. Without it everyone is listed.",
  }),
  limit: atMost.optional().meta({ type: "integer", description: "How many at most, 50 where `q` is given." }),
  email: z.string().trim().toLowerCase().max(254).optional().meta({
    description:
      "The whole email: that one student, or nobody. With ROSTER_PRIVACY=email-lookup the only way.",
  }),
});
export const endInput = z.object({
  classId: classIdInput.optional().meta({ description: "Without it, your most recently started session." }),
});

/** A user as a roll shows one. */
export const personAnswer = z
  .object({
    _id: userIdSchema,
    name: z.string().nullable().meta({ description: "Null where an outside issuer told none." }),
    email: z.string().nullable().meta({ description: "Null where an outside issuer told none." }),
  })
  .meta({ id: "Person" });
export const userAnswer = personAnswer
  .extend({ role: z.enum(["teacher", "student", "admin"]) })
  .meta({ id: "User" });
export const signedUpAnswer = userAnswer.extend({
  warning: z.string().optional().meta({ description: "Said where the password is a very common one." }),
});
export const tokenAnswer = z.object({
  token: z.string().meta({ description: "A JWT that lives one day and is safe in a URL unescaped." }),
});
export const waysAnswer = z.object({
  password: z.boolean().meta({ description: "Whether people sign up and in by email and password here." }),
  elsewhere: z
    .string()
    .nullable()
    .meta({ description: "Where a browser begins to sign in at the outside issuer; null where it cannot." }),
});
export const ticketAnswer = z.object({
  ticket: z.string().meta({ description: "Opens one rollcall.v1 socket, once." }),
  expiresAt: z.iso.datetime(),
});

export const classAnswer = z
  .object({
    _id: classIdSchema,
    className: z.string(),
    teacherId: userIdSchema,
    studentIds: z.array(userIdSchema).meta({ description: "In the order of enrolment." }),
    presence: presenceRule.optional().meta({
      description: "What time in the video room means for the marks; missing where it means nothing.",
    }),
    keepsChat: z.literal(true).optional().meta({
      description: "What is said in the video room is kept with the session; missing where it is not.",
    }),
  })
  .meta({ id: "Class" });
export const classWithStudentsAnswer = classAnswer
  .extend({ students: z.array(personAnswer) })
  .meta({ id: "ClassWithStudents" });
export const roomAnswer = z.object({
  classId: classIdSchema,
  activeRoomId: roomIdSchema.nullable(),
  isActive: z.boolean().meta({ description: "True while the class's session runs." }),
});

export const startedAnswer = z.object({
  classId: classIdSchema,
  startedAt: z.iso.datetime(),
  roomId: roomIdSchema,
  sessionId: sessionIdSchema,
  seq: z.int().positive().meta({ description: "The event in the session's log that says so." }),
});
export const endedAnswer = z.object({
  message: z.literal("Attendance persisted"),
  present: z.int(),
  absent: z.int(),
  total: z.int().meta({ description: "The whole roll, and whoever was marked before leaving it." }),
  classId: classIdSchema,
  sessionId: sessionIdSchema,
});
export const recordAnswer = z.object({
  classId: classIdSchema,
  status: statusSchema.nullable().meta({ description: "Null while nothing is persisted." }),
});

const when = z.iso.datetime();
const counts = {
  present: z.int(),
  absent: z.int(),
  total: z.int().meta({ description: "Everyone who has a status, or of a running session the whole roll." }),
};

/** A session in a list. */
const heldAnswer = z
  .object({
    sessionId: sessionIdSchema,
    classId: classIdSchema,
    startedAt: when,
    endedAt: when.nullable().meta({ description: "Null while it runs." }),
    ...counts,
  })
  .meta({ id: "HeldSession" });
const nextSession = sessionIdSchema
  .nullable()
  .meta({ description: "For `before`, to get the next page; null where this is the last." });
export const sessionsAnswer = z.object({ sessions: z.array(heldAnswer), next: nextSession });

const giver = personAnswer.omit({ email: true }).nullable();
const source = z.enum(["http", "plain", "v1", "socket-io", "system"]);
const change = z
  .object({
    seq: z.int().positive().meta({ description: "Its place in the session's log." }),
    at: when,
    event: z.enum(["marked", "markedMany", "undone", "ended"]),
    status: statusSchema.nullable().meta({ description: "What it left the student with; null is unmarked." }),
    by: giver.meta({ description: "Whose command it was; null is the server's own." }),
    via: source.meta({ description: "By which way it came in." }),
  })
  .meta({ id: "Change" });
export const sessionAnswer = heldAnswer
  .extend({
    className: z.string(),
    setBy: ruleAtEnd
      .optional()
      .meta({ description: "The rule by which the end set marks, where the class let it." }),
    proposedBy: ruleAtEnd.optional().meta({
      description: "The rule by which marks were proposed as it ended, where the class let it.",
    }),
    students: z.array(
      personAnswer
        .extend({
          status: statusSchema.nullable(),
          proposal: statusSchema
            .optional()
            .meta({ description: "What that rule made of the student's time in the room." }),
          history: z.array(change).meta({ description: "Every change of the status, the last one counts." }),
          ...timeInRoom,
        })
        .meta({ id: "Attendee" }),
    ),
    next: userIdSchema
      .nullable()
      .meta({ description: "For `after`, to get the next page; null where this is the last." }),
  })
  .meta({ id: "Session" });
export const csvAnswer = z.object({ name: z.string(), text: z.string() });

export const historyAnswer = z.object({
  sessions: z.array(
    z
      .object({
        sessionId: sessionIdSchema,
        startedAt: when,
        endedAt: when,
        status: statusSchema,
        since: when.meta({ description: "When the status was given." }),
        by: z.enum(["teacher", "self", "system"]).meta({
          description: "Who gave it; `system` gave it to whoever had no mark at the end.",
        }),
        ...timeInRoom,
      })
      .meta({ id: "OwnRecord" }),
  ),
  next: nextSession,
});

export const healthAnswer = z
  .object({
    status: z.enum(["ok", "degraded", "failing"]).meta({
      description: "`degraded`: everything is served and kept, but what other servers did is seen later.",
    }),
    database: z.enum(["ok", "cannot commit"]),
    bus: z
      .enum(["ok", "late", "down"])
      .optional()
      .meta({ description: "How news of other servers comes by Redis, where there is one." }),
  })
  .meta({ id: "Health" });

export const liveAnswer = z.object({ status: z.literal("ok") }).meta({ id: "Live" });

/** Every error; `issues` says where bad input is wrong. */
export const failureAnswer = z
  .strictObject({
    success: z.literal(false),
    error: z.string(),
    issues: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "With `Invalid request schema`: which fields are wrong and what they want." }),
  })
  .meta({ id: "Failure" });

export const videoTokenInput = z.object({
  classId: classIdInput,
  peer: peerIdSchema.meta({ description: "Which peer this page is in the room, as `room` told it." }),
});
export const videoTokenAnswer = z.object({
  url: z.string().meta({ description: "Where LiveKit is." }),
  token: z.string().meta({ description: "Lets the page connect there, as that peer." }),
  expiresAt: z.iso.datetime(),
});

export const iceAnswer = z.object({
  iceServers: z
    .array(
      z.object({
        urls: z.array(z.string()),
        username: z.string().optional(),
        credential: z.string().optional(),
      }),
    )
    .meta({ description: "As `RTCPeerConnection` takes it." }),
  lifetimeMs: z.int().meta({ description: "For so long the credentials can be used: ask again before." }),
});
