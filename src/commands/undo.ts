import { undoFrame } from "../../protocol/v1.ts";
import { undo as undoMarks } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const undo = sessionCommand({
  roles: ["teacher"],
  input: undoFrame,
  pipelined: true,
  run: ({ live, author, input }) => live.commit(author, (now) => undoMarks(now, input.seq)),
});
