import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CALLS } from "../docs/browser.ts";
import { school, startSession, student } from "../e2e/people.ts";
import { atDoor, goIn, hearsAndSees, linksOf } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(90_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
});
afterAll(() => rig?.close());

test("VW11 the teacher mutes, asks to unmute, lowers hands, writes, removes, lets in again and ends the call", async () => {
  const physics = await school(rig.server, 1);
  const asha = student(physics, 0);
  await startSession(rig.server, physics.teacher, physics.classId);
  const viewport = { width: 1440, height: 900 };
  const desk = await goIn(rig, physics.teacher, physics.classId, { viewport });
  const seat = await goIn(rig, asha, physics.classId);
  await hearsAndSees(desk.page, 1);
  const press = (name: string) => desk.page.getByRole("button", { name, exact: true }).click();
  const more = async (page: typeof desk.page, name: string) => {
    await page.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("button", { name }).click();
  };
  await press(`Mute ${asha.name}`);
  await seat.page.getByText("Your teacher has muted you").waitFor();
  await press(`Ask ${asha.name} to unmute`);
  await seat.page.getByText("Your teacher would like to hear you").waitFor();
  await seat.page.getByRole("status").getByRole("button", { name: "Unmute" }).click();
  await desk.page.getByRole("button", { name: `Mute ${asha.name}` }).waitFor();
  await seat.page.keyboard.press("h");
  await press(`Lower the hand of ${asha.name}`);
  await seat.page.getByText("Your teacher has lowered your hand").waitFor();
  await more(seat.page, "Show chat");
  await seat.page.getByLabel("Write to everyone").fill("May I ask something?");
  await seat.page.getByRole("button", { name: "Send" }).click();
  await more(desk.page, "Show chat, 1 new message");
  await desk.page.getByText("May I ask something?").waitFor();
  await more(desk.page, "Show people");
  await press(`Remove ${asha.name}`);
  await seat.page.getByText("Your teacher has removed you").waitFor();
  expect(await linksOf(seat.page)).toEqual([]);
  await desk.page.getByText("1 here").waitFor();
  await press("Let in again");
  await seat.page.getByRole("button", { name: "Back to the entrance" }).click();
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  await hearsAndSees(desk.page, 1);
  await more(desk.page, "End for all");
  await desk.page.getByRole("dialog").getByRole("button", { name: "End for all" }).click();
  for (const { page } of [desk, seat]) await page.getByText("Your teacher has ended the call").waitFor();
  expect([...desk.complaints, ...seat.complaints]).toEqual([]);
  for (const { context } of [desk, seat]) await context.close();
});

const refused = (name: string) => `globalThis.devices = (wanted, ask) => {
  if (wanted.video) return Promise.reject(new DOMException("", "${name}"));
  return ask(wanted);
};`;

test.each([
  ["NotAllowedError", "The camera is not allowed"],
  ["NotFoundError", "No camera was found"],
  ["NotReadableError", "Another program uses the camera"],
])("VW12 a camera that fails by %s has its own words, and one goes in without it", async (name, words) => {
  const physics = await school(rig.server, 1);
  await startSession(rig.server, physics.teacher, physics.classId);
  const seat = await atDoor(rig, student(physics, 0), physics.classId, { before: refused(name) });
  await seat.page.getByText(words).waitFor();
  await seat.page.getByText(/You can listen without it/).waitFor();
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  const desk = await goIn(rig, physics.teacher, physics.classId);
  await hearsAndSees(seat.page, 1);
  expect(seat.complaints).toEqual([]);
  for (const { context } of [desk, seat]) await context.close();
});
