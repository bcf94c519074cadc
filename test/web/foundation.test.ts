import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { school, startSession, student } from "../e2e/people.ts";
import { built } from "./built.ts";
import { comesTrue, Rig, signIn } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

const SCRIPT_BYTES_MAX = 200 * 1024;

test("WB5 a student's first page asks for at most 200 KiB of script, gzipped", async () => {
  const physics = await school(rig.server, 1);
  await startSession(rig.server, physics.teacher, physics.classId);
  const { page, complaints, scripts, context } = await rig.visit("/");
  // Through the door, whose script counts too.
  await signIn(page, student(physics, 0));
  await page.getByText("Your teacher has not marked you yet").waitFor();
  // What is loaded ahead counts too: the account's script is the last of that.
  await comesTrue(
    page,
    'performance.getEntriesByType("resource").some(({ name }) => /account-[a-z0-9]+\\.js$/.test(name))',
  );
  const folder = await built();
  const bytes = [...new Set(scripts)].reduce(
    (sum, path) => sum + statSync(join(folder, `${basename(path)}.gz`)).size,
    0,
  );
  console.log(
    `A student's first page asks for ${bytes} bytes of script, gzipped, in ${new Set(scripts).size} files.`,
  );
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB6 the app speaks the browser's language, and another once it is chosen, also after a reload", async () => {
  const { page, complaints, context } = await rig.visit("/sign-in", { locale: "hi-IN" });
  await page.getByRole("heading", { name: "साइन इन करें" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("hi");
  await page.getByLabel("भाषा").selectOption("en");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB7 the colours are those of the device until others are chosen, also after a reload", async () => {
  const { page, complaints, context } = await rig.visit("/", { colorScheme: "dark" });
  await page.getByLabel("Colours").waitFor();
  const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  expect(await ground()).toBe("rgb(19, 22, 26)");
  await page.getByLabel("Colours").selectOption("light");
  expect(await ground()).toBe("rgb(255, 255, 255)");
  await page.reload();
  await page.getByLabel("Colours").waitFor();
  expect(await ground()).toBe("rgb(255, 255, 255)");
  expect(complaints).toEqual([]);
  await context.close();
});
