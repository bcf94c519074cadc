import { classInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { classAnswer, personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { memberOfClass } from "./policies.ts";

export const showClass = command({
  input: classInput,
  allow: memberOfClass("not-class-teacher"),
  run: async ({ context, subject: cls }) => {
    const students = await context.store.users.byIds(cls.studentIds);
    return ok({ ...classAnswer(cls), students: students.map(personAnswer) });
  },
});
