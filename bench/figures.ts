import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { orFailure } from "./failure.ts";
import { keepToLoadCore, machine } from "./machine.ts";
import type { Measure, Result } from "./measure.ts";
import { MEASURES } from "./measures/index.ts";
import { NOTES } from "./notes.ts";
import { BUN, ROOT } from "./process.ts";
import { report, sentence, table } from "./report.ts";

/**
 * npm run figures: runs every measure once, three rounds each, and writes docs/FIGURES.md. Takes some twenty minutes. A
 * measure that breaks is written down as failed, the rest goes on, and the exit code is 1. With names, npm run figures
 * -- cluster, it measures those anew and leaves the rest of the file as it is.
 */
const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, quick: { type: "boolean", default: false } },
});
const { quick } = values;
const rounds = quick ? 1 : 3;

keepToLoadCore();
const file = values.out ?? join(ROOT, "docs", "FIGURES.md");
const failures: string[] = [];
const text = names.length > 0 ? await someAnew(readFileSync(file, "utf8")) : await complete();
writeFileSync(file, `${withCounts(text)}\n`);
console.log(`Written to ${file}; ${failures.length} measures failed.`);
process.exit(failures.length > 0 ? 1 : 0);

async function complete(): Promise<string> {
  const sections: string[] = [];
  for (const measure of MEASURES) sections.push(await measured(measure));
  return [heading(), ...sections, await orFailure("The steps of a mark", profile, failures)].join("\n\n");
}

/** The text with these measures' sections replaced or put in their places, each saying that it is of a run of its own. */
async function someAnew(before: string): Promise<string> {
  const sections = before.trim().split(/\n\n(?=## )/);
  const placeOf = (name: string) => sections.findIndex((each) => each.startsWith(`## ${name}\n`));
  for (const name of names) {
    const at = MEASURES.findIndex((each) => each.name === name);
    const measure = MEASURES[at];
    if (!measure) throw new Error(`There is no measure ${name}`);
    const own = `Of a run of its own: Rollcall ${commit()}, ${today()}, ${rounds} rounds.`;
    const text = `${await measured(measure)}\n\n- ${own}`.replace("\n\n\n", "\n\n");
    const place = placeOf(name);
    const next = MEASURES.slice(at + 1).map((each) => placeOf(each.name));
    if (place >= 0) sections[place] = text;
    else sections.splice(next.find((each) => each >= 0) ?? placeOf("The steps of a mark"), 0, text);
  }
  return sections.join("\n\n");
}

async function measured(measure: Measure): Promise<string> {
  console.error(`${measure.name}: ${measure.about}`);
  return orFailure(measure.name, () => sectionOf(measure), failures);
}

/** With the line that counts what was met, as the sections say. */
function withCounts(text: string): string {
  const count = (word: string) => text.split(`\n- **${word}**`).length - 1;
  const failed = [...text.matchAll(/## (.+)\n\n\*\*Failed\*\*/g)].map(([, name]) => name);
  const line = `- Reaches: ${count("met")} met, ${count("missed")} missed${failed.length > 0 ? `; failed: ${failed.join(", ")}` : ""}`;
  return text.replace(/^- Reaches:.*$/m, line);
}

/** Runs a measure and gives its section. */
async function sectionOf(measure: Measure): Promise<string> {
  const result = await measure.run({ rounds, quick });
  console.log(report(measure, rounds, result));
  return section(measure, result);
}

function heading(): string {
  const { cpu, cores, pinned, memoryGb, linux, bun, node, disk } = machine();
  return [
    "# Figures",
    "",
    "Written by `npm run figures` from one complete run. bench/README.md says what each measures and how to read it.",
    "",
    `- Machine: ${cores} × ${cpu}, ${memoryGb} GB, Linux ${linux}, data on ${disk}${pinned ? "; the server on one core, the load on the other" : ""}`,
    `- Versions: Rollcall ${commit()}, Bun ${bun}, Node ${node}`,
    `- Date: ${today()}`,
    `- Rounds: ${rounds}, interleaved; every figure is the median`,
    "- Reaches:",
  ].join("\n");
}

function commit(): string {
  const { stdout } = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: ROOT });
  return stdout.toString().trim() || "unknown";
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function section({ name, about }: Measure, { rows, reaches }: Result): string {
  const notes = NOTES[name] ?? [];
  return [
    `## ${name}`,
    about,
    table(rows),
    reaches.map((reach) => `- ${sentence(reach).replace(/^(\w+) +/, "**$1** ")}`).join("\n"),
    notes.map((note) => `- ${note}`).join("\n"),
  ].join("\n\n");
}

/** The table of steps, made in a process of its own. */
async function profile(): Promise<string> {
  const child = Bun.spawn([BUN, "bench/profile.ts", "--ms", quick ? "50" : "700"], {
    cwd: ROOT,
    stdout: "pipe",
  });
  const said = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error("bench/profile.ts ended badly");
  const lines = said.split("\n").filter((line) => !line.startsWith("{"));
  const notes = (NOTES.profile ?? []).map((note) => `- ${note}`);
  return ["## The steps of a mark", lines.join("\n").trim().replace("\n|", "\n\n|"), notes.join("\n")]
    .join("\n\n")
    .trim();
}
