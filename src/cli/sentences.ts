import { StartError } from "../core/start-error.ts";

/** Runs a subcommand; what stops it is told in one sentence, and the process exits with 1. */
export async function sentences(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
