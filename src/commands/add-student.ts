import { classStudentInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { followRoll } from "./follow-roll.ts";
import { teacherOfClassAboutStudent } from "./policies.ts";

/** R1: the class is written first, then its running session's log; twice changes nothing. */
export const addStudent = command({
  input: classStudentInput,
  allow: teacherOfClassAboutStudent,
  refusals: ["class-full"],
  run: async ({ context, actor, author, subject: { cls, student } }) => {
    const added = await context.store.classes.addStudent(cls.id, student.id, context.limits.CLASS_SIZE_MAX);
    if (added === "full") return refuse("class-full");
    if (!cls.studentIds.includes(student.id)) {
      const fact = { deed: "enrolled", actor: actor.id, subject: student.id } as const;
      await context.trail.note({ ...fact, class: cls.id });
    }
    const now = await followRoll(context, cls.id, student.id, author);
    return now.ok ? ok(classAnswer(now.value)) : now;
  },
});
