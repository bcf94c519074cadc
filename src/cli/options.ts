import { StartError } from "../core/start-error.ts";

const ALWAYS = ["--help", "-h"];

/** A mistyped option must not start something else than was meant. Throws StartError with one sentence. */
export function refuseUnknownOptions(given: readonly string[], known: readonly string[]): void {
  const all = [...known, ...ALWAYS];
  const unknown = given.find((arg) => arg.startsWith("-") && !all.includes(arg.replace(/=.*/s, "")));
  if (unknown === undefined) return;
  throw new StartError(`There is no option ${unknown}: those that there are, are ${all.join(", ")}.`);
}
