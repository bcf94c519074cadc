import { expect, setDefaultTimeout, test } from "bun:test";
import { besiege } from "./besieged.ts";
import { endUnderLoad, studentsFor } from "./shutdown.ts";

setDefaultTimeout(120_000);
const SOCKETS = 1000;

test("W46 SIGTERM under load closes each of 1,000 sockets with 1012, loses no mark that was told, and exits 0", async () => {
  const siege = await besiege({ classes: 1, students: studentsFor(SOCKETS), spare: 0 });
  try {
    const { exitCode, codes, acknowledged, kept, ms } = await endUnderLoad(siege, SOCKETS, 500);
    console.log(
      `${SOCKETS} sockets: ended ${Math.round(ms)} ms after SIGTERM, ${acknowledged} marks told, ${kept} kept`,
    );
    expect(exitCode).toBe(0);
    expect(codes).toEqual({ 1012: SOCKETS });
    expect(acknowledged).toBeGreaterThan(0);
    expect(kept).toBeGreaterThanOrEqual(acknowledged);
    // A shutdown that was cut short says so.
    expect(siege.server.complaints()).toBe("");
  } finally {
    await siege.end();
  }
});
