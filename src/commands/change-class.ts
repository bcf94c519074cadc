import { changeClassInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { findClass, teacherOfClass } from "./policies.ts";

/** K2, PR8: another name or other settings; roll, sessions and records stay as they are, and of sockets only those in the video room are told. */
export const changeClass = command({
  input: changeClassInput,
  allow: teacherOfClass,
  run: async ({ context, input, subject: cls }) => {
    const { classes } = context.store;
    const { className, presence, keepsChat } = input;
    if (className !== undefined) await classes.rename(cls.id, className);
    const changes = {
      ...(presence !== undefined && { presence }),
      ...(keepsChat !== undefined && { keepsChat }),
    };
    if (Object.keys(changes).length > 0) await classes.configure(cls.id, { ...cls.settings, ...changes });
    if (keepsChat !== undefined) context.hub.rooms.setKeepsChat(cls.id, keepsChat);
    const now = await findClass(context, input);
    return now.ok ? ok(classAnswer(now.value)) : now;
  },
});
