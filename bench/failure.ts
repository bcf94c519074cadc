/** A section of the figures, or one that says that it failed: what breaks twenty minutes in must not cost the rest. Adds its name to `failures`. */
export async function orFailure(
  name: string,
  work: () => Promise<string>,
  failures: string[],
): Promise<string> {
  try {
    return await work();
  } catch (error) {
    failures.push(name);
    console.error(error);
    return `## ${name}\n\n**Failed**: ${error instanceof Error ? error.message : String(error)}`;
  }
}
