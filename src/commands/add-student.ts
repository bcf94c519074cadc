import { addStudentInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { enrol } from "../core/session/decide.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { findClass, teacherOfClassAboutStudent } from "./policies.ts";

/** R1: the class is written first, then its running session's log; twice changes nothing. */
export const addStudent = command({
  input: addStudentInput,
  allow: teacherOfClassAboutStudent,
  run: async ({ context, author, subject: { cls, student } }) => {
    const added = await context.store.classes.addStudent(cls.id, student.id, context.limits.CLASS_SIZE_MAX);
    if (added === "full") return refuse("class-full");
    context.hub.join(cls.id, student.id);
    const running = context.sessions.ofClass(cls.id);
    const enrolled = await running?.commit(author, (now) => enrol(now, student.id));
    if (enrolled && !enrolled.ok) return enrolled;
    const now = await findClass(context, { classId: cls.id });
    return now.ok ? ok(classAnswer(now.value)) : now;
  },
});
