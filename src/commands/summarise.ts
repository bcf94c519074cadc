import { nothing } from "../../protocol/plain.ts";
import { summarise as summariseSession } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const summarise = sessionCommand({
  roles: ["teacher"],
  input: nothing,
  pipelined: true,
  run: ({ live }) => live.ask(summariseSession),
});
