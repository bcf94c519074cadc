import { nothing } from "../../protocol/plain.ts";
import { runs } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

/** V3: a member enters the class's video room while its session runs. */
export const joinRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: nothing,
  pipelined: false,
  run: ({ context, live, connection }) =>
    live.ask(runs, () =>
      context.hub.rooms.join(connection, { classId: live.session.classId, session: live.session.id }),
    ),
});
