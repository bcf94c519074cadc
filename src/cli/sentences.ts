import { StartError } from "../core/start-error.ts";

/** Runs a subcommand; what stops it is told in one sentence, and the process exits with 1. */
export async function sentences(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(sentenceOf(error));
    process.exit(1);
  }
}

/** What an operator is told; a mistake of ours keeps its stack, for whoever mends it. Throws what it cannot say. */
export function sentenceOf(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error) || error.name !== "SQLiteError") throw error;
  const code = "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_FULL")) return "The disk is full: make room in the data folder and try again.";
  const reason = error.message.replaceAll(/\s+/g, " ");
  return `The database cannot be read or written (${reason}): if its disk is well it is damaged, put a backup in its place.`;
}
