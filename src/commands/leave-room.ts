import { leaveRoomInput } from "../../protocol/plain.ts";
import { ok } from "../core/errors.ts";
import { sessionCommand } from "./session-command.ts";

/** Leaving a room that one is not in changes nothing. */
export const leaveRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: leaveRoomInput,
  pipelined: true,
  run: async ({ context, live, connection, input }) => {
    // Without a class it is the room that the socket is in, whichever session the sender started or joined since.
    if (!input?.classId || connection.room === live.session.classId) context.hub.rooms.leave(connection);
    return ok(undefined);
  },
});
