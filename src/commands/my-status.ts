import { nothing } from "../../protocol/plain.ts";
import { statusOf } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const myStatus = sessionCommand({
  roles: ["student"],
  input: nothing,
  pipelined: true,
  run: ({ live, connection }) => live.ask((now) => statusOf(now, connection.actor.id)),
});
