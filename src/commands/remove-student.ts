import { classStudentInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { followRoll } from "./follow-roll.ts";
import { teacherOfClassAboutStudent } from "./policies.ts";

/** R2: the class is written first, then its running session's log; marks already made stay, and twice changes nothing. */
export const removeStudent = command({
  input: classStudentInput,
  allow: teacherOfClassAboutStudent,
  run: async ({ context, actor, author, subject: { cls, student } }) => {
    await context.store.classes.removeStudent(cls.id, student.id);
    if (cls.studentIds.includes(student.id)) {
      const fact = { deed: "withdrawn", actor: actor.id, subject: student.id } as const;
      await context.trail.note({ ...fact, class: cls.id });
    }
    const now = await followRoll(context, cls.id, student.id, author);
    return now.ok ? ok(classAnswer(now.value)) : now;
  },
});
