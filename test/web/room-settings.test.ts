import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession } from "../e2e/people.ts";
import { goIn } from "./call-page.ts";
import { axeFaults } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
let physics: School;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  physics = await school(rig.server, 1);
  await startSession(rig.server, physics.teacher, physics.classId);
});
afterAll(() => rig?.close());

/** What the room tells the teacher of what is written there. */
async function toldInRoom(): Promise<string> {
  const { page, context } = await goIn(rig, physics.teacher, physics.classId);
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name: "Show chat" }).click();
  const note = page.getByText(/^(This class keeps what|What is written here is gone)/);
  const told = (await note.textContent()) ?? "";
  await context.close();
  return told;
}

test("VW21 the teacher has what is written in the room kept, and no more, and the rule for the marks stays as it was", async () => {
  expect(await toldInRoom()).toMatch(/is gone/);
  const { page, context, complaints } = await rig.visit(`/classes/${physics.classId}`, {
    as: physics.teacher,
  });
  const kept = page.getByLabel("Keep what is written in the room");
  const open = () => page.getByRole("button", { name: "Room settings" }).click();
  const save = async () => {
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await kept.waitFor({ state: "detached" });
  };
  await open();
  await page.getByLabel("Time in the video room means").selectOption("minutes");
  await page.getByLabel("Minutes in the room").fill("12");
  await kept.check();
  expect(await axeFaults(page)).toEqual([]);
  await save();
  expect(await toldInRoom()).toMatch(/^This class keeps/);
  await page.reload();
  await open();
  expect(await kept.isChecked()).toBe(true);
  await kept.uncheck();
  await save();
  expect(await toldInRoom()).toMatch(/is gone/);
  await open();
  expect(await kept.isChecked()).toBe(false);
  expect(await page.getByLabel("Minutes in the room").inputValue()).toBe("12");
  expect(complaints).toEqual([]);
  await context.close();
});
