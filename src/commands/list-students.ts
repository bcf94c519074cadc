import { noInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { personAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

export const listStudents = command({
  input: noInput,
  allow: usersWho("teacher"),
  run: async ({ context }) => ok((await context.store.users.students()).map(personAnswer)),
});
