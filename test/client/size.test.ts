import { expect, test } from "bun:test";
import { join } from "node:path";

const BYTES_MAX = 8 * 1024;

test("C33 the client is at most 8 KiB, minified and gzipped, and brings no package", async () => {
  const entry = join(import.meta.dir, "..", "..", "client", "index.ts");
  const { outputs } = await Bun.build({ entrypoints: [entry], minify: true, target: "browser" });
  const texts = await Promise.all(outputs.map((output) => output.text()));
  const bytes = Bun.gzipSync(texts.join("")).length;
  console.log(`The client is ${bytes} bytes, minified and gzipped.`);
  expect(bytes).toBeLessThanOrEqual(BYTES_MAX);
  expect(texts.join("")).not.toMatch(/\b(?:import|require)\b/);
});
