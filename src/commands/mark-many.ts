import { markManyFrame } from "../../protocol/v1.ts";
import { markMany as markStudents } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const markMany = sessionCommand({
  roles: ["teacher"],
  input: markManyFrame,
  pipelined: true,
  run: ({ live, author, input }) => live.commit(author, (now) => markStudents(now, input.whom, input.status)),
});
