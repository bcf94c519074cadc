import { renameClassInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { findClass, teacherOfClass } from "./policies.ts";

/** K2: another name; roll, sessions and records stay as they are, and sockets are told nothing. */
export const renameClass = command({
  input: renameClassInput,
  allow: teacherOfClass,
  run: async ({ context, input, subject: cls }) => {
    await context.store.classes.rename(cls.id, input.className);
    const now = await findClass(context, input);
    return now.ok ? ok(classAnswer(now.value)) : now;
  },
});
