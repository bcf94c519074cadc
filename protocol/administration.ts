import { z } from "zod";
import { classIdSchema, sessionIdSchema, userIdSchema } from "./ids.ts";

export const settingsAnswer = z.object({
  settings: z.array(
    z
      .object({
        name: z.string(),
        value: z.string().nullable().meta({ description: "Null where it is unset; of a secret only stars." }),
        secret: z.boolean(),
        isDefault: z.boolean().meta({ description: "Whether it is what it would be if nobody had set it." }),
        about: z.string(),
      })
      .meta({ id: "Setting" }),
  ),
});

/** Somebody's teacher as lists of classes show one; null where the account is not known any more. */
export const teacherShown = z.object({ _id: userIdSchema, name: z.string().nullable() }).nullable();

export const runningAnswer = z.object({
  sessions: z.array(
    z
      .object({
        sessionId: sessionIdSchema,
        classId: classIdSchema,
        className: z.string(),
        teacher: teacherShown,
        startedAt: z.iso.datetime(),
        present: z.int(),
        absent: z.int(),
        total: z.int().meta({ description: "The whole roll." }),
      })
      .meta({ id: "RunningSession" }),
  ),
  count: z.int().meta({ description: "How many run; the list may hold fewer." }),
});
