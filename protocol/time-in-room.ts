import { z } from "zod";

export const apply = z.enum(["propose", "set"]).meta({
  description:
    "`propose` shows the teacher what the marks would be; `set` gives them at the end to whoever has none.",
});
const share = {
  kind: z.literal("share"),
  percent: z.int().min(1).max(100).meta({ description: "Of the session." }),
};
const minutes = {
  kind: z.literal("minutes"),
  minutes: z
    .int()
    .min(1)
    .max(1440)
    .meta({ description: "Of a session that is shorter, all of it but PRESENCE_BRIDGE_MS." }),
};
/** A measure of time in the room, with what else is said of it. */
export const measured = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion("kind", [z.object({ ...share, ...shape }), z.object({ ...minutes, ...shape })]);
/** When time in the video room makes a student present. */
export const presenceRule = measured({ apply }).meta({ id: "PresenceRule" });

const when = z.iso.datetime();
const witness = z.enum(["socket", "webhook", "list", "last-sign-of-life", "end"]);
const interval = z
  .object({
    from: when,
    fromBy: witness.meta({ description: "By what the server knows." }),
    to: when.nullable().meta({ description: "Null: still there." }),
    toBy: witness.nullable(),
    bridged: z
      .array(z.object({ from: when, to: when }))
      .meta({ description: "Gaps within it, too short to count." }),
  })
  .meta({ id: "Interval" });
export const milliseconds = z.int().nonnegative();
export const neededMs = milliseconds.meta({
  description: "What the rule asks for in a session of this length.",
});
export const sessionMs = milliseconds.meta({
  description: "How long the session is, up to now while it runs.",
});
/** The rule by which the end of a session set marks, or by which they were proposed. */
export const ruleAtEnd = measured({ sessionMs, neededMs });
/** Somebody's time in the video room of a session. */
export const timeInRoom = {
  inRoomMs: milliseconds.meta({
    description: "In the video room, in milliseconds, bridged gaps among them.",
  }),
  intervals: z.array(interval),
};
