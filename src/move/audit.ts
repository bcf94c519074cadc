import { StartError } from "../core/start-error.ts";
import { type Move, pagesOfAudit, pagesOfTrail } from "./parts.ts";

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

/** Moves the trail of people's doings in the same way, with what stands beside it. */
export async function moveTrail({ source, target, tell }: Move): Promise<void> {
  const last = await target.trail.last();
  const [same] = last ? await source.trail.read(last.number - 1, 1) : [];
  if (last && same?.hash !== last.hash) throw new StartError(OTHER);
  for await (const page of pagesOfTrail(source, last?.number ?? 0)) {
    if ((await target.trail.append(page)) === "conflict") throw new StartError(OTHER);
    tell(`${page.at(-1)?.number ?? 0} entries of the trail`);
  }
}

const OTHER =
  "The target has another audit chain than the old database: somebody else has written there; begin anew with an empty target.";
