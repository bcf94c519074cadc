import { markInput } from "../../protocol/plain.ts";
import { mark as markStudent } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const mark = sessionCommand({
  roles: ["teacher"],
  input: markInput,
  pipelined: true,
  run: ({ live, connection, via, input }) =>
    live.commit({ by: connection.actor.id, via }, (now) => markStudent(now, input.studentId, input.status)),
});
