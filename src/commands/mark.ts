import { markInput } from "../../protocol/plain.ts";
import { plainMark } from "../../protocol/shortcuts.ts";
import { mark as markStudent } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const mark = sessionCommand({
  roles: ["teacher"],
  input: markInput,
  shortcut: plainMark,
  pipelined: true,
  run: ({ live, author, input }) =>
    live.commit(author, (now) => markStudent(now, input.studentId, input.status)),
});
