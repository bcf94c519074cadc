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
      const seen = await wanted.evaluate((one) => {
        const style = getComputedStyle(one);
        const around = getComputedStyle(one.parentElement ?? one);
        return [style.outlineStyle, style.borderColor, around.outlineStyle].join(" ");
      });
      expect(seen).not.toBe("none rgb(0, 0, 0) none");
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tabulator does not come to the ${role} ${name}`);
}

test("WB17 by keyboard alone a teacher signs in, makes a class, fills its roll, and signs out", async () => {
  const [ada, ben] = await Promise.all([join(rig.server, "teacher"), join(rig.server, "student")]);
  const { page, complaints, context } = await rig.visit("/");
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

test("WB17 the first press of the tabulator leads past the bar to the content", async () => {
  const { page, context } = await rig.visit("/create-account");
  await page.getByLabel("Name").waitFor();
  await page.evaluate("document.activeElement.blur()");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  await context.close();
});
