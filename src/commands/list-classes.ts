import { noInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

/** K1: a teacher's own classes, or those that a student is enrolled in, oldest first; archived ones are not among them. */
export const listClasses = command({
  input: noInput,
  allow: usersWho("teacher", "student"),
  run: async ({ context: { store }, actor: { id, role } }) => {
    const classes =
      role === "teacher" ? await store.classes.ofTeacher(id) : await store.classes.ofStudent(id);
    return ok(classes.map(classAnswer));
  },
});
