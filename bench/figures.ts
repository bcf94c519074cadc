import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { orFailure } from "./failure.ts";
import { keepToLoadCore, machine } from "./machine.ts";
import { type Measure, met, type Result } from "./measure.ts";
import { MEASURES } from "./measures/index.ts";
import { NOTES } from "./notes.ts";
import { BUN, ROOT } from "./process.ts";
import { report, sentence, table } from "./report.ts";

/** npm run figures: runs every measure once, three rounds each, and writes docs/FIGURES.md. Takes some twenty minutes. A measure that breaks is written
 * down as failed, the rest goes on, and the exit code is 1. */
const { values } = parseArgs({
  options: { out: { type: "string" }, quick: { type: "boolean", default: false } },
});
const { quick } = values;
const rounds = quick ? 1 : 3;

keepToLoadCore();
const sections: string[] = [];
let [reached, missed] = [0, 0];
const failures: string[] = [];
for (const measure of MEASURES) {
  console.error(`${measure.name}: ${measure.about}`);
  sections.push(await orFailure(measure.name, () => sectionOf(measure), failures));
}
const steps = await orFailure("The steps of a mark", profile, failures);
const text = [heading(), ...sections, steps].join("\n\n");
writeFileSync(values.out ?? join(ROOT, "docs", "FIGURES.md"), `${text}\n`);
console.log(`${reached} reaches met, ${missed} missed, ${failures.length} measures failed.`);
process.exit(failures.length > 0 ? 1 : 0);

/** Runs a measure and gives its section. */
async function sectionOf(measure: Measure): Promise<string> {
  const result = await measure.run({ rounds, quick });
  console.log(report(measure, rounds, result));
  reached += result.reaches.filter(met).length;
  missed += result.reaches.filter((reach) => !met(reach)).length;
  return section(measure, result);
}

function heading(): string {
  const { cpu, cores, pinned, memoryGb, linux, bun, node, disk } = machine();
  const commit = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { cwd: ROOT })
    .stdout.toString()
    .trim();
  return [
    "# Figures",
    "",
    "Written by `npm run figures` from one complete run. bench/README.md says what each measures and how to read it.",
    "",
    `- Machine: ${cores} × ${cpu}, ${memoryGb} GB, Linux ${linux}, data on ${disk}${pinned ? "; the server on one core, the load on the other" : ""}`,
    `- Versions: Rollcall ${commit || "unknown"}, Bun ${bun}, Node ${node}`,
    `- Date: ${new Date().toISOString().slice(0, 10)}`,
    `- Rounds: ${rounds}, interleaved; every figure is the median`,
    `- Reaches: ${reached} met, ${missed} missed${failures.length > 0 ? `; failed: ${failures.join(", ")}` : ""}`,
  ].join("\n");
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
