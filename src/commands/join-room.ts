import { nothing } from "../../protocol/plain.ts";
import { ok, refuse } from "../core/errors.ts";
import { sessionCommand } from "./session-command.ts";

/** V3: a member enters the class's video room while its session runs. */
export const joinRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: nothing,
  pipelined: true,
  run: async ({ context, live, connection }) => {
    const { classId, endedAt } = live.session;
    if (endedAt !== null) return refuse("no-active-session");
    context.hub.rooms.join(connection, classId);
    return ok(undefined);
  },
});
