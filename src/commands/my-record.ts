import { classInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { command } from "./command.ts";
import { studentOfClass } from "./policies.ts";

/** H21: the student's final status in the class's last ended session; null while nothing is persisted. */
export const myRecord = command({
  input: classInput,
  allow: studentOfClass,
  run: async ({ context, actor, subject: cls }) => {
    await context.sessions.finishBehind(cls.id);
    return ok({ classId: cls.id, status: await context.store.records.latest(cls.id, actor.id) });
  },
});
