import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { join } from "../e2e/people.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

const STEPS_MAX = 60;
/** Whether what has the focus, or the frame around it, shows that: an outline, or a border in the accent. */
const SEEN = `[document.activeElement, document.activeElement.parentElement].some((one) => {
  const { outlineStyle, borderColor } = getComputedStyle(one);
  return outlineStyle !== "none" || borderColor === "rgb(10, 85, 196)";
})`;

/** Presses the tabulator until the control of this role and name has the focus, which must be seen. */
async function tabTo(
  page: Page,
  role: "button" | "link" | "textbox" | "searchbox",
  name: string,
): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  await wanted.waitFor();
  for (let step = 0; step < STEPS_MAX; step++) {
    if (await wanted.evaluate((one) => one.matches(":focus"))) {
      expect({ name, isSeen: await page.evaluate(SEEN) }).toEqual({ name, isSeen: true });
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator does not come to the ${role} ${name}`);
}

test("WB17 by keyboard alone a teacher signs in, makes a class, fills its roll, and signs out", async () => {
  const [ada, ben] = await Promise.all([join(rig.server, "teacher"), join(rig.server, "student")]);
  const { page, complaints, context } = await rig.visit("/", { reducedMotion: "reduce", signsOut: true });
  await tabTo(page, "textbox", "Email");
  await page.keyboard.type(ada.email);
  await tabTo(page, "textbox", "Password");
  await page.keyboard.type(ada.password);
  await page.keyboard.press("Enter");
  await tabTo(page, "textbox", "New class");
  await page.keyboard.type("Physics 9b");
  await page.keyboard.press("Enter");
  await tabTo(page, "link", "Physics 9b 0 students");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Physics 9b" }).waitFor();
  expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  await tabTo(page, "searchbox", "Add students");
  await page.keyboard.type(ben.email);
  await tabTo(page, "button", `Add ${ben.name}`);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Students (1)" }).waitFor();
  await page.keyboard.press("Home");
  await tabTo(page, "link", `Account, ${ada.name}`);
  await page.keyboard.press("Enter");
  await tabTo(page, "button", "Sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB17 a new screen begins at its title, and from the bar one link leads to the content", async () => {
  const { page, context } = await rig.visit("/create-account");
  await page.getByLabel("Name").waitFor();
  expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  for (const _ of ["the sign", "the link before it"]) await page.keyboard.press("Shift+Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  await context.close();
});
