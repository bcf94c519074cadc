import { findStudentsInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

const FOUND = 50;

/** HI5: the students whose name or email has the text; everyone where none is given. */
export const listStudents = command({
  input: findStudentsInput,
  allow: usersWho("teacher"),
  run: async ({ context: { store, limits }, input: { q = "", limit } }) => {
    const all = q === "" && limit === undefined;
    const most = Math.min(limit ?? FOUND, limits.PAGE_SIZE_MAX);
    const students = all ? await store.users.students() : await store.users.findStudents(q, most);
    return ok(students.map(personAnswer));
  },
});
