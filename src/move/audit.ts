import { StartError } from "../core/start-error.ts";
import { type Move, pagesOfAudit } from "./parts.ts";

/** Moves the audit chain, entry by entry as it is, behind what the target has of it. */
export async function moveAudit({ source, target, tell }: Move): Promise<void> {
  const last = await target.audit.last();
  const [same] = last ? await source.audit.read(last.number - 1, 1) : [];
  if (last && same?.hash !== last.hash) throw new StartError(OTHER);
  let done = last?.number ?? 0;
  for await (const page of pagesOfAudit(source, done)) {
    for (const entry of page)
      if ((await target.audit.append(entry)) === "conflict") throw new StartError(OTHER);
    done += page.length;
    tell(`${done} audit entries`);
  }
}

const OTHER =
  "The target has another audit chain than the old database: somebody else has written there; begin anew with an empty target.";
