import { parseArgs } from "node:util";
import { keepToLoadCore, machine } from "./machine.ts";
import { Assembled } from "./profile/assembled.ts";
import { floors } from "./profile/floors.ts";
import { steps } from "./profile/steps.ts";
import { figure } from "./report.ts";
import { scratch } from "./scratch.ts";

/** Where a mark's time goes. Run: node scripts/run.mjs bench/profile.ts [--batch 16] [--ms 1000 for each step]. */
const { values } = parseArgs({
  options: { batch: { type: "string", default: "16" }, ms: { type: "string", default: "1000" } },
});
const loop = { batch: Number(values.batch), ms: Number(values.ms) };

keepToLoadCore();
const folder = scratch();
const server = await Assembled.start(folder);
const ours = await steps(server, loop);
const bare = floors(folder, loop, server);
await server.stop();

const names = ["decode", "validate", "decide", "seal", "append", "encode", "publish"] as const;
const sum = (of: Readonly<Record<(typeof names)[number], number>>) =>
  names.reduce((total, name) => total + of[name], 0);
const rows = [
  ...names.map((step) => ({ step, ns: ours[step], floor: bare[step] })),
  { step: "queues, promises, the window", ns: ours.wholeWay - (sum(ours) - ours.append), floor: 0 },
  { step: "all but the disk", ns: ours.wholeWay, floor: sum(bare) - bare.append },
  { step: "the whole way", ns: ours.wholeWay + ours.append, floor: sum(bare) },
];
const lines = rows.map(({ step, ns, floor }) => {
  const ratio = floor > 0 ? `${figure(ns / floor)} ×` : "";
  return `| ${step.padEnd(28)} | ${figure(ns).padStart(7)} | ${figure(floor).padStart(7)} | ${ratio.padStart(7)} |`;
});
console.log(
  [
    `CPU per mark in ns, ${loop.batch} marks in a turn, no sockets:`,
    `| ${"".padEnd(28)} | ${"ours".padStart(7)} | ${"floor".padStart(7)} | ${"ratio".padStart(7)} |`,
    `|${"-".repeat(30)}|${"-".repeat(8)}:|${"-".repeat(8)}:|${"-".repeat(8)}:|`,
    ...lines,
  ].join("\n"),
);
console.log(JSON.stringify({ bench: "profile", ...loop, machine: machine(), rows }));
process.exit(0);
