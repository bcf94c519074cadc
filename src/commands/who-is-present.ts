import { nothing } from "../../protocol/plain.ts";
import { presentStudents } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

/** The asker alone is told, so it is no summary: that one is broadcast. */
export const whoIsPresent = sessionCommand({
  roles: ["teacher"],
  input: nothing,
  pipelined: true,
  run: ({ live }) => live.ask(presentStudents),
});
