import { nothing } from "../../protocol/plain.ts";
import { ok } from "../core/errors.ts";
import { sessionCommand } from "./session-command.ts";

/** Leaving a room that one is not in changes nothing. */
export const leaveRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: nothing,
  pipelined: true,
  run: async ({ context, live, connection }) => {
    if (connection.room === live.session.classId) context.hub.rooms.leave(connection);
    return ok(undefined);
  },
});
