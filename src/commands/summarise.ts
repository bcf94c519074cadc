import { nothing } from "../../protocol/plain.ts";
import { summarise as summariseSession } from "../core/session/decide.ts";
import { sessionCommand } from "./session-command.ts";

export const summarise = sessionCommand({
  roles: ["teacher"],
  input: nothing,
  pipelined: true,
  run: async ({ context, live }) => {
    const told = await live.ask(summariseSession);
    if (told.ok) context.neighbours.summarised(live);
    return told;
  },
});
