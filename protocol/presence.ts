import { z } from "zod";
import { personAnswer } from "./http.ts";
import { classIdSchema, sessionIdSchema, statusSchema, userIdSchema } from "./ids.ts";
import { apply, measured, milliseconds, neededMs, ruleAtEnd, sessionMs, timeInRoom } from "./time-in-room.ts";

const when = z.iso.datetime();
const here = {
  here: z.boolean().meta({ description: "Whether they are in the room now." }),
  since: when.nullable().meta({ description: "Since when they are there now; null where they are not." }),
};
export const presenceAnswer = z
  .object({
    sessionId: sessionIdSchema,
    classId: classIdSchema,
    startedAt: when,
    endedAt: when.nullable(),
    at: when.meta({ description: "The moment of which this tells." }),
    sessionMs,
    bridgeMs: milliseconds.meta({ description: "A gap that is shorter counts as being there." }),
    rule: measured({ apply, neededMs })
      .nullable()
      .meta({ description: "The class's, while the session runs." }),
    // Left out by servers that do not know of it: pages of a newer one ask them too while they are upgraded.
    proposedBy: ruleAtEnd
      .nullable()
      .optional()
      .meta({ description: "By which marks were proposed as it ended, where the class let it." }),
    setBy: ruleAtEnd.nullable().meta({ description: "By which the end set marks, where the class let it." }),
    students: z.array(
      personAnswer
        .extend({
          status: statusSchema.nullable(),
          ...here,
          ...timeInRoom,
          proposal: statusSchema.nullable().meta({
            description:
              "What the rule would make of it, or made of it at the end; null where there is none.",
          }),
        })
        .meta({ id: "StudentPresence" }),
    ),
    next: userIdSchema
      .nullable()
      .meta({ description: "For `after`, to get the next page; null at the last." }),
  })
  .meta({ id: "Presence" });
export const myPresenceAnswer = z.object({
  classId: classIdSchema,
  session: z
    .object({ sessionId: sessionIdSchema, startedAt: when, at: when, sessionMs, ...here, ...timeInRoom })
    .nullable()
    .meta({ description: "Null while none runs." }),
});
