import { nothing } from "../../protocol/plain.ts";
import { statusOf } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const myStatus = sessionCommand({
  roles: ["student"],
  input: nothing,
  pipelined: true,
  run: ({ live, connection, via }) => {
    const { id } = connection.actor;
    return live.commit({ by: id, via }, (now) => statusOf(now, id));
  },
});
