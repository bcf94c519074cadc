import type { Database } from "bun:sqlite";
import type { NodeRow, NodeStore, Voice } from "../../ports/nodes.ts";
import { nodesHere } from "../nodes-here.ts";

/** Rows of processes that were silent this long are cleared away, in ms. */
const OLD_MS = 30 * 86_400_000;

/**
 * Alive rows of a file that one process has open: who is alive is known by that process alone, and the times of the
 * beats are kept, so that the next one knows until when the one before had lived.
 */
export function sqliteNodes(db: Database, now: () => number = Date.now): NodeStore {
  const here = nodesHere(now);
  const beat = db.prepare<unknown, [string, string, number]>(
    `INSERT INTO nodes (id, row, beats, at) VALUES (?1, ?2, 1, ?3)
     ON CONFLICT (id) DO UPDATE SET row = ?2, beats = beats + 1, at = ?3`,
  );
  const clear = db.prepare<unknown, [number]>("DELETE FROM nodes WHERE at < ?1");
  const last = db.prepare<{ at: number }, [string]>("SELECT at FROM nodes WHERE id = ?1");
  return {
    ...here,
    async beat(node: NodeRow, voice: Voice) {
      const at = await here.beat(node, voice);
      if (!last.get(node.id)) clear.run(at - OLD_MS);
      beat.run(node.id, JSON.stringify({ host: node.host, news: node.news }), at);
      return at;
    },
    lastBeat: async (id) => last.get(id)?.at ?? null,
  };
}
