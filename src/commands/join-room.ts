import { nothing } from "../../protocol/plain.ts";
import { ok, type RefusalCode, refuse } from "../core/errors.ts";
import { enter } from "./enter-room.ts";
import { sessionCommand } from "./session-command.ts";

/** What the dialects of users have no text for: to them it is no room of theirs. */
const SHUT: readonly RefusalCode[] = ["removed-from-room", "room-ended", "room-locked"];

/** V3: a member enters the class's video room while its session runs. */
export const joinRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: nothing,
  pipelined: false,
  run: async ({ context, live, connection }) => {
    const entered = await enter(context, live, connection, {});
    // RO66: the dialects of users have no text for this either, and it is not their room's fault: unheard, as if it had not come.
    if (!entered.ok && entered.code === "too-fast") {
      context.refused(entered.code);
      return ok(undefined);
    }
    return !entered.ok && SHUT.includes(entered.code) ? refuse("not-enrolled") : entered;
  },
});
