import { noInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { userAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

export const whoAmI = command({
  input: noInput,
  allow: usersWho("teacher", "student", "admin"),
  run: async ({ context, actor }) => {
    const user = await context.store.users.byId(actor.id);
    return user ? ok(userAnswer(user)) : refuse("unauthorized");
  },
});
