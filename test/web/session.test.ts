import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "../e2e/people.ts";
import { Rig, signIn } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

test("WB11 signed in, a reload and a second tab are too, and scripts can read no token", async () => {
  const ada = await join(rig.server, "teacher");
  const { page, complaints, context } = await rig.visit("/account", { shell: true, signsOut: true });
  await signIn(page, ada);
  await page.getByText(ada.email).waitFor();
  await page.reload();
  await page.getByText(ada.email).waitFor();
  const second = await context.newPage();
  await second.goto(`${rig.server.url}/account`);
  await second.getByText(ada.email).waitFor();
  const readable = "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])";
  expect(await page.evaluate(readable)).not.toMatch(/eyJ|[\w-]{30,}/);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  for (const one of [page, second]) await one.getByRole("button", { name: "Sign in" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB12 who is signed out in the middle is told, signs in again, and goes on where they were", async () => {
  const ada = await join(rig.server, "teacher");
  const { page, complaints, context } = await rig.visit("/account", { statuses: [401] });
  await signIn(page, ada);
  await context.clearCookies();
  await page.getByRole("link", { name: "Rollcall" }).click();
  await page.getByText("You were signed out.").waitFor();
  expect(await page.evaluate("location.pathname")).toBe("/");
  await signIn(page, ada);
  await page.getByText("No classes yet").waitFor();
  await page.getByLabel("New class").fill("Physics 9b");
  await context.clearCookies();
  await page.getByRole("button", { name: "Create class" }).click();
  await page.getByText("You were signed out.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB13 two tabs of which one signs in as somebody else show the same person and still change things", async () => {
  const [ada, bob] = await Promise.all([join(rig.server, "teacher"), join(rig.server, "teacher")]);
  const { page, complaints, context } = await rig.visit("/", { signsOut: true });
  await signIn(page, ada);
  const second = await context.newPage();
  await second.goto(rig.server.url);
  await second.getByText(`Hello, ${ada.name}`).waitFor();
  await page.getByRole("link", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await signIn(page, bob);
  await second.getByText(`Hello, ${bob.name}`).waitFor();
  await second.getByLabel("New class").fill("Chemistry");
  await second.getByRole("button", { name: "Create class" }).click();
  await second.getByRole("link", { name: /Chemistry/ }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
