import { findStudentsInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { User } from "../core/people.ts";
import { personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { usersWho } from "./policies.ts";

const FOUND = 50;

/** HI5, PV4: the students whose name or email has the text; everyone where none is given, or the one of an email. */
export const listStudents = command({
  input: findStudentsInput,
  allow: usersWho("teacher"),
  run: async ({ context: { store, limits }, input: { q = "", limit, email } }) => {
    if (email !== undefined || limits.ROSTER_PRIVACY === "email-lookup")
      return ok((await studentsOf(store, email)).map(personAnswer));
    const all = q === "" && limit === undefined;
    const most = Math.min(limit ?? FOUND, limits.PAGE_SIZE_MAX);
    const students = all ? await store.users.students() : await store.users.findStudents(q, most);
    return ok(students.map(personAnswer));
  },
});

/** Whoever has the email; nobody where none is asked for. Of several of an outside issuer's, all. */
async function studentsOf({ users }: Context["store"], email: string | undefined): Promise<User[]> {
  if (email === undefined) return [];
  const found = await users.findStudents(email, ALIKE_MAX);
  return found.filter((student) => student.email?.toLowerCase() === email);
}

/** Emails that contain another. */
const ALIKE_MAX = 100;
