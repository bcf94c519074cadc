import type { SealedBatch } from "../core/batch.ts";
import type { UserId } from "../core/ids.ts";
import type { CommandPlace } from "../ports/store.ts";

/** C1: the commands with ids that a batch holds, for a store's index of them. */
export function commandsIn(
  batch: SealedBatch,
): (CommandPlace & { readonly author: UserId; readonly id: string })[] {
  return batch.events.flatMap(({ by, seq, command }) =>
    by !== null && command
      ? [{ author: by, id: command.id, sessionId: batch.sessionId, seq, digest: command.digest }]
      : [],
  );
}
