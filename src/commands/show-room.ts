import { classInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { command } from "./command.ts";
import { memberOfClass } from "./policies.ts";

/** H15: a class has a video room while its session runs. */
export const showRoom = command({
  input: classInput,
  allow: memberOfClass("not-authorized-for-class"),
  run: async ({ context, subject: cls }) => {
    const running = await context.store.sessions.runningOf(cls.id);
    return ok({ classId: cls.id, activeRoomId: running?.roomId ?? null, isActive: running !== null });
  },
});
