import { type Move, pagesOfChat, pagesOfSessions } from "./parts.ts";

/** Moves what was said in each session, behind the session itself. Again does no harm. */
export async function moveChat({ source, target, tell }: Move): Promise<void> {
  let done = 0;
  for await (const sessions of pagesOfSessions(source))
    for (const { id } of sessions)
      for await (const messages of pagesOfChat(source, id)) {
        for (const message of messages) await target.chat.add(message);
        done += messages.length;
      }
  tell(`${done} messages`);
}
