import { parseArgs } from "node:util";
import { besiege } from "./besieged.ts";
import { endUnderLoad, studentsFor } from "./shutdown.ts";

const { values } = parseArgs({
  options: { sockets: { type: "string", default: "5000" }, rounds: { type: "string", default: "3" } },
});
const [sockets, rounds] = [Number(values.sockets), Number(values.rounds)];
let wrong = false;
for (let round = 1; round <= rounds; round++) {
  const siege = await besiege({ classes: 1, students: studentsFor(sockets), spare: 0 });
  const { exitCode, ms, codes, acknowledged, kept } = await endUnderLoad(siege, sockets, 2000);
  const complaints = siege.server.complaints();
  await siege.end();
  wrong ||= exitCode !== 0 || codes[1012] !== sockets || kept < acknowledged || complaints !== "";
  console.log(
    `round ${round}: exit code ${exitCode} ${Math.round(ms)} ms after SIGTERM, close codes ${JSON.stringify(codes)}, ` +
      `${acknowledged} marks told, ${kept} in the log ${complaints}`,
  );
}
process.exit(wrong ? 1 : 0);
