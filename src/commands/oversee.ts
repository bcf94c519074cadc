import { noInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import type { SessionHead } from "../ports/store.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { heldAnswer } from "./list-sessions.ts";
import { usersWho } from "./policies.ts";
import { teachersOf } from "./teachers-of.ts";

/** AD11: every setting with its value, of secrets only whether they are set. */
export const listSettings = command({
  input: noInput,
  allow: usersWho("admin"),
  run: async ({ context }) => ok({ settings: [...context.settings] }),
});

/** AD12: the sessions that run now, the last started first. */
export const listRunning = command({
  input: noInput,
  allow: usersWho("admin"),
  run: async ({ context }) => {
    const heads = await context.store.sessions.running();
    const newest = heads.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, context.limits.PAGE_SIZE_MAX);
    return ok({ sessions: await runningAnswers(context, newest), count: heads.length });
  },
});

async function runningAnswers(context: Context, heads: readonly SessionHead[]) {
  const classes = await Promise.all(heads.map(({ classId }) => context.store.classes.byId(classId)));
  const teacherOf = await teachersOf(context, heads);
  return Promise.all(
    heads.map(async (head, at) => {
      const { endedAt: _, ...shown } = await heldAnswer(context, { ...head, present: 0, absent: 0 });
      return { ...shown, className: classes[at]?.name ?? "", teacher: teacherOf(head) };
    }),
  );
}
