import { enterInput } from "../../protocol/room.ts";
import { type Result, refuse } from "../core/errors.ts";
import { runs } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

/** V3, RO1: a member's page enters the class's video room while its session runs, as a peer of its own. */
export const enterRoom = sessionCommand({
  roles: ["teacher", "student"],
  input: enterInput,
  pipelined: false,
  run: async ({ context, live, connection, input: { device, ...shown } }) => {
    let entered: Result<void> = refuse("no-active-session");
    const { classId, id: session } = live.session;
    const asked = await live.ask(runs, () => {
      entered = context.hub.rooms.join(connection, { classId, session, device, shown });
    });
    return asked.ok ? entered : asked;
  },
});
