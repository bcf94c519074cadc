import { parseArgs } from "node:util";
import { keepToLoadCore } from "./machine.ts";
import { MEASURES } from "./measures/index.ts";
import { report } from "./report.ts";

/** npm run bench -- NAME [--rounds 3] [--quick] [--only SYSTEM+SYSTEM]: a table, and a line of JSON for each measure. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const { quick } = values;
const only = values.only?.split("+");
const rounds = Number(values.rounds ?? (quick ? 1 : 3));
const unknown = positionals.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length > 0) {
  console.error(
    `No measure ${unknown.join(", ")}: there are ${MEASURES.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(1);
}
const chosen = MEASURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

keepToLoadCore();
for (const measure of chosen) {
  console.error(`${measure.name}: ${measure.about}`);
  const result = await measure.run({ rounds, quick, ...(only !== undefined && { only }) });
  console.log(report(measure, rounds, result));
}
