import { createClassInput } from "../../protocol/http.ts";
import { SETTINGS_AT_FIRST } from "../core/class-settings.ts";
import { ok } from "../core/errors.ts";
import type { Class } from "../core/people.ts";
import { newClassId } from "../ids.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

export const createClass = command({
  input: createClassInput,
  allow: usersWho("teacher"),
  run: async ({ context, input, actor }) => {
    const cls: Class = {
      id: newClassId(),
      name: input.className,
      teacherId: actor.id,
      studentIds: [],
      archivedAt: null,
      settings: SETTINGS_AT_FIRST,
    };
    await context.store.classes.add(cls);
    context.hub.join(cls.id, actor.id);
    await context.neighbours.membership(cls.id, actor.id);
    await context.trail.note({ deed: "class-made", actor: actor.id, subject: null, class: cls.id });
    return ok(classAnswer(cls));
  },
});
