import type { NodeStore } from "../ports/nodes.ts";

/** How often a server that is alone writes down that it lives, in ms, while somebody is in a room. */
const BEAT_MS = 1000;

interface Parts {
  /** Names this run of the server. */
  readonly node: string;
  readonly nodes: Pick<NodeStore, "beat">;
  /** Whether anybody will want to know. */
  readonly isNeeded: () => boolean;
  readonly troubled: (error: unknown) => void;
}

const ALONE = { carries: true, unsaid: 0 };

/** PR11: a server that is alone leaves a sign of life on disk, for its next start to see. Returns what ends it. */
export function signsOfLife({ node, nodes, isNeeded, troubled }: Parts): () => void {
  const row = { id: node, host: "alone", secret: { salt: "", print: "" }, news: "poll" } as const;
  const beat = () => {
    if (isNeeded()) nodes.beat(row, ALONE).catch(troubled);
  };
  const timer = setInterval(beat, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
