import type { NodeBeat, NodeStore } from "../ports/nodes.ts";

/** Alive rows in a map, for stores that one process alone has open. `now` is the clock that they go by. */
export function nodesHere(now: () => number = Date.now): NodeStore {
  const rows = new Map<string, NodeBeat>();
  return {
    async beat(node, voice) {
      const at = now();
      rows.set(node.id, { ...node, ...voice, beats: (rows.get(node.id)?.beats ?? 0) + 1, at });
      return at;
    },
    alive: async (ms) =>
      [...rows.values()].filter(({ at }) => now() - at <= ms).sort((a, b) => (a.id < b.id ? -1 : 1)),
    lastBeat: async (id) => rows.get(id)?.at ?? null,
    async leave(id) {
      rows.delete(id);
    },
  };
}
