import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CALLS } from "../docs/browser.ts";
import { school, startSession, student } from "../e2e/people.ts";
import { Seat as SeatByWire } from "../e2e/room-seat.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
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
  await press(`Ask to unmute: ${asha.name}`);
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
  await desk.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await seat.page.getByText("Your teacher has removed you").waitFor();
  expect(await linksOf(seat.page)).toEqual([]);
  await desk.page.getByText("1 here").waitFor();
  await press("Let in again");
  await seat.page.getByRole("button", { name: "Back to the entrance" }).click();
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  await hearsAndSees(desk.page, 1);
  await more(desk.page, "End for all");
  await desk.page.getByRole("dialog").getByRole("button", { name: "End for all" }).click();
  await seat.page.getByText("Your teacher has ended the call").waitFor();
  await desk.page.getByText("The call is over for everyone").waitFor();
  expect([...desk.complaints, ...seat.complaints]).toEqual([]);
  for (const { context } of [desk, seat]) await context.close();
});

/** What only a teacher is offered: `mute all`, the door, the end, and the buttons beside a name. */
const TEACHERS = /^(Mute all|Lower all|Lock|Unlock|End for all|Mute .|Ask .|Remove|Let |Lower the hand)/;

test("VW55 the teacher mutes all, lowers all hands, locks, lets in by name and unlocks, and a student is offered none of it", async () => {
  const physics = await school(rig.server, 4);
  await startSession(rig.server, physics.teacher, physics.classId);
  const [asha, ben, chi, dan] = physics.students;
  if (!asha || !ben || !chi || !dan) throw new Error("four students");
  const viewport = { width: 1440, height: 900 };
  const { page, complaints, context } = await goIn(rig, physics.teacher, physics.classId, { viewport });
  const seat = await goIn(rig, asha, physics.classId, { viewport });
  const wire = await SeatByWire.take(rig.server, physics, ben, { mic: true, hand: true });
  const all = async (name: string) => {
    await page.getByRole("button", { name: /^More/ }).click();
    await page.getByRole("button", { name }).click();
  };
  await page.getByRole("button", { name: `Mute ${ben.name}` }).waitFor();
  await all("Mute all students");
  await seat.page.getByText("Your teacher has muted you").waitFor();
  await page.getByRole("button", { name: `Ask to unmute: ${ben.name}` }).waitFor();
  await seat.page.keyboard.press("h");
  await page.getByRole("button", { name: `Lower the hand of ${asha.name}` }).waitFor();
  await all("Lower all hands");
  await seat.page.getByText("Your teacher has lowered your hand").waitFor();
  await page.getByRole("button", { name: /^Lower the hand/ }).waitFor({ state: "detached" });
  expect((await wire.told()).filter(({ type }) => type === "asked")).toMatchObject([
    { what: "mute" },
    { what: "lowerHand" },
  ]);
  await all("Lock the room");
  for (const one of [page, seat.page]) await one.getByText("Locked", { exact: true }).waitFor();
  const knock = await V1Socket.ready(rig.server, { token: chi.token });
  knock.send({ type: "enter", class: physics.classId });
  expect(await knock.next("error")).toMatchObject({ code: "room-locked" });
  await page.getByRole("button", { name: `Let ${chi.name} in` }).click();
  await page.getByText("may come in").waitFor();
  await SeatByWire.take(rig.server, physics, chi);
  await page.getByText("4 here").waitFor();
  await all("Unlock the room");
  await page.getByRole("button", { name: `Let ${dan.name} in` }).waitFor({ state: "detached" });
  await SeatByWire.take(rig.server, physics, dan);
  await page.getByText("5 here").waitFor();
  await seat.page.getByRole("button", { name: /^More/ }).click();
  await seat.page.getByRole("button", { name: "Show people" }).click();
  await seat.page.getByText("In the room (5)").waitFor();
  await seat.page.getByRole("button", { name: /^More/ }).click();
  await seat.page.getByRole("button", { name: "Raise hand" }).waitFor();
  expect(await seat.page.getByRole("button", { name: TEACHERS }).allTextContents()).toEqual([]);
  expect([...complaints, ...seat.complaints]).toEqual([]);
  for (const one of [context, seat.context]) await one.close();
});

test("VW105 VW106 two clicks at one spot remove nobody, whoever has two pages counts once, and a dialog gives the focus back", async () => {
  const physics = await school(rig.server, 2);
  await startSession(rig.server, physics.teacher, physics.classId);
  const [asha, ben] = [student(physics, 0), student(physics, 1)];
  const viewport = { width: 1440, height: 900 };
  const { page, complaints, context } = await goIn(rig, physics.teacher, physics.classId, { viewport });
  for (const person of [asha, ben, ben]) await SeatByWire.take(rig.server, physics, person);
  await page.getByText("3 here").waitFor();
  await page.getByText("In the room (3)").waitFor();
  const row = page.getByRole("complementary").getByRole("listitem").filter({ hasText: ben.name });
  await row.getByText("page 2").waitFor();
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: `Remove ${asha.name}` }).dblclick();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `Remove ${asha.name}` }).click();
  await dialog.getByText(`Remove ${asha.name} from the room?`).waitFor();
  expect(await page.getByText("3 here").count()).toBe(1);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.getByText("2 here").waitFor();
  await page.getByText("Removed", { exact: true }).waitFor();
  const focused = () => page.evaluate("document.activeElement.textContent");
  expect(await focused()).toBe("In the room (2)");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByText("Keys: M microphone, C camera, H hand").waitFor();
  await page.getByRole("button", { name: "End for all" }).click();
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await focused()).toBe("More");
  const seen: unknown[] = [];
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"]) {
    await page.keyboard.press(key);
    seen.push(await focused());
  }
  expect(seen).toEqual(["Mute", "Camera off", "Mute", "More", "Mute"]);
  expect(complaints).toEqual([]);
  await context.close();
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
