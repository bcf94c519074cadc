import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { z } from "zod";
import { dataOf, get } from "../e2e/http.ts";
import { endSession, login, type Person, startSession } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import { axeFaults } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

/** Somebody makes an account in the app; gives them as the API knows them. */
async function createAccount(page: Page, name: string, role: "teacher" | "student"): Promise<Person> {
  const email = `${crypto.randomUUID()}@school.test`;
  const password = `pass-${email}`;
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByRole("radio", { name: role === "teacher" ? "Teacher" : "Student" }).check();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: `Hello, ${name}` }).waitFor();
  const token = await login(rig.server, email, password);
  const { _id } = z.looseObject({ _id: z.string() }).parse(dataOf(await get(rig.server, "/auth/me", token)));
  return { id: _id, name, email, password, role, token };
}

const VIEWPORTS = [
  ["a phone", { width: 360, height: 740 }],
  ["a desktop", { width: 1440, height: 900 }],
] as const;

test.each(VIEWPORTS)(
  "WB10 the story of a class on %s, from the first account to a past session",
  async (_, viewport) => {
    const desk = await rig.visit("/", { viewport, shell: true, acceptDownloads: true });
    const ada = await createAccount(desk.page, "Ada Lovelace", "teacher");
    await desk.page.getByText("No classes yet").waitFor();
    await desk.page.getByLabel("New class").fill("Physics 9b");
    await desk.page.getByRole("button", { name: "Create class" }).click();
    await desk.page.getByRole("link", { name: /Physics 9b/ }).click();
    await desk.page.getByText("Nobody is in this class yet").waitFor();
    const classId = new URL(desk.page.url()).pathname.split("/").at(-1) ?? "";

    const seat = await rig.visit("/", { viewport, shell: true });
    const asha = await createAccount(seat.page, "Asha Kumar", "student");
    await seat.page.getByText("You are in no class yet").waitFor();

    await desk.page.getByLabel("Add students").fill(asha.email);
    await desk.page.getByRole("button", { name: "Add Asha Kumar" }).click();
    await desk.page.getByRole("heading", { name: "Students (1)" }).waitFor();
    await seat.page.getByText("No session is running").waitFor();

    await startSession(rig.server, ada, classId);
    await seat.page.getByText("Your teacher has not marked you yet").waitFor();
    await desk.page.getByText("Session running since").waitFor();
    const marking = await connect(rig.server, ada);
    for (const status of ["absent", "present"])
      marking.send("ATTENDANCE_MARKED", { studentId: asha.id, status });
    await seat.page.getByText(/Present since \d\d:\d\d, marked by your teacher/).waitFor();
    await endSession(rig.server, ada, classId);
    marking.close();
    await seat.page.getByText(/The session ended at/).waitFor();

    await seat.page.getByRole("link", { name: "My record Physics 9b" }).click();
    await seat.page.getByText(/Present since \d\d:\d\d, marked by your teacher/).waitFor();
    await desk.page.getByRole("link", { name: /1 of 1 present/ }).click();
    await desk.page
      .getByText(/Present since \d\d:\d\d, marked by Ada Lovelace/)
      .first()
      .waitFor();
    await desk.page.getByText("2 changes").click();
    await desk.page.getByText(/Absent since \d\d:\d\d, marked by Ada Lovelace/).waitFor();
    const saved = desk.page.waitForEvent("download");
    await desk.page.getByRole("button", { name: "Save as CSV" }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^attendance-\d{4}-\d\d-\d\d.*\.csv$/);
    expect(readFileSync(await file.path(), "utf8")).toContain("Asha Kumar");
    for (const { page, complaints, context } of [desk, seat]) {
      expect(await axeFaults(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await context.close();
    }
  },
);
