import { z } from "zod";
import { limit, sessionInput } from "./http.ts";
import { userIdSchema } from "./ids.ts";

/** A page of what was said in a session's room. */
export const chatPageInput = sessionInput.extend({
  after: z
    .string()
    .regex(/^\d{1,15}\.[\w-]{1,64}$/, "expects the `next` of the page before")
    .optional()
    .meta({
      description: "The `next` of the page before.",
      examples: ["1767600720000.3f0c2a5e-8f1d-4b6a-9d37-0d7a4c1b2e90"],
    }),
  limit,
});

export const chatAnswer = z.object({
  messages: z.array(
    z
      .object({
        id: z.string(),
        at: z.iso.datetime(),
        user: z.object({
          _id: userIdSchema,
          name: z.string().nullable().meta({ description: "Null where none is known." }),
        }),
        text: z.string(),
      })
      .meta({ id: "Message" }),
  ),
  next: z
    .string()
    .nullable()
    .meta({ description: "For `after`, to get the next page; null where this is the last." }),
});
