import { classInput } from "../../protocol/http.ts";
import { ok, type Result } from "../core/errors.ts";
import type { ClassId } from "../core/ids.ts";
import type { Author } from "../log/live-session.ts";
import { classAnswer } from "./answers.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { endLive } from "./end-session.ts";
import { teacherOfClass } from "./policies.ts";

/** K3: a running session is ended as DONE would, so that nothing is lost; then the class is archived and nobody hears it. */
export const archiveClass = command({
  input: classInput,
  allow: teacherOfClass,
  run: async ({ context, author, actor, subject: { id } }) => {
    const ended = await endRunning(context, id, author);
    if (!ended.ok) return ended;
    await context.store.classes.archive(id, context.clock.now());
    // One that was started in between ends too; a later start sees that the class is archived.
    const late = await endRunning(context, id, author);
    if (!late.ok) return late;
    const archived = await context.store.classes.byId(id);
    if (!archived) throw new Error(`class ${id} is gone`);
    for (const member of [archived.teacherId, ...archived.studentIds]) context.hub.part(id, member);
    await context.neighbours.archived(id);
    await context.trail.note({ deed: "class-archived", actor: actor.id, subject: null, class: id });
    return ok(classAnswer(archived));
  },
});

async function endRunning(context: Context, id: ClassId, author: Author): Promise<Result<unknown>> {
  const live = await context.find.current(id);
  const ended = live ? await endLive(context, live, author) : ok(undefined);
  // Whoever ended it meanwhile did the same.
  return ended.ok || ended.code !== "no-active-session" ? ended : ok(undefined);
}
