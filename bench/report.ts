import { machine } from "./machine.ts";
import { type Measure, met, type Reach, type Result, type Row } from "./measure.ts";

/** A measure's table for people, and its line of JSON for machines. */
export function report(measure: Measure, rounds: number, result: Result): string {
  const { name: bench } = measure;
  const line = { bench, at: new Date().toISOString(), rounds, machine: machine(), ...result };
  return [
    table(result.rows),
    "",
    ...result.reaches.map(sentence),
    ...saturated(result.rows),
    JSON.stringify(line),
    "",
  ].join("\n");
}

/** A row for each system, a column for each figure, in Markdown; systems of which other things are known have another table. */
export function table(rows: readonly Row[]): string {
  const alike = Map.groupBy(rows, ({ figures }) => Object.keys(figures).join());
  return [...alike.values()].map(tableOf).join("\n\n");
}

function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = rows.map(({ system, figures }) => [system, ...names.map((name) => figure(figures[name]))]);
  const all = [["", ...names], ...lines];
  const widths = ["", ...names].map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [row(["", ...names]), rule, ...lines.map(row)].join("\n");
}

/** Three digits are what a run is good for. */
export const figure = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? ""
    : value >= 1000
      ? Math.round(value).toLocaleString("en")
      : String(Number(value.toPrecision(3)));

/** A reach in a sentence. */
export function sentence(reach: Reach): string {
  const { what, unit, value, limit, atLeast } = reach;
  const bound = `${atLeast ? "≥" : "≤"} ${figure(limit)} ${unit}`;
  return `${met(reach) ? "met   " : "missed"}  ${what}: ${figure(value)} ${unit} (${bound})`;
}

/** Above this the load is what is measured, not the server. */
const SATURATED = 0.97;

function saturated(rows: readonly Row[]): string[] {
  return rows.flatMap(({ system, figures }) =>
    Object.entries(figures).flatMap(([name, value]) =>
      name.startsWith("loadBusy") && value > SATURATED
        ? [
            `The load's own core was full with ${system} (${name}): rates and times there are the load's, CPU per delivery still holds.`,
          ]
        : [],
    ),
  );
}
