import type { Tree } from "./tree.ts";

/** The files that are longer than `most` lines, a sentence each. */
export function lengthFaults(tree: Tree, most: number): string[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.trimEnd().split("\n").length;
    return lines > most
      ? [`${path} has ${lines} lines, ${most} are the most: it is about more than one thing.`]
      : [];
  });
}
