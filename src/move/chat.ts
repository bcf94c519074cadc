import { type Move, pagesOfSessions } from "./parts.ts";

/** Moves what was said in each session, behind the session itself. Again does no harm. */
export async function moveChat({ source, target, tell }: Move): Promise<void> {
  let done = 0;
  for await (const page of pagesOfSessions(source))
    for (const { id } of page)
      for (const message of await source.chat.last(id, Number.MAX_SAFE_INTEGER)) {
        await target.chat.add(message);
        done++;
      }
  tell(`${done} messages`);
}
