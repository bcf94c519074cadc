import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { Network } from "../client/network.ts";
import { CALLS } from "../docs/browser.ts";
import { withdraw } from "../e2e/class-verbs.ts";
import { endSession, type School, school, startSession, student } from "../e2e/people.ts";
import { running, Seat as SeatByWire } from "../e2e/room-seat.ts";
import { atDoor, goIn, hearsAndSees, inside, type Seat, until } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
let network: Network;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  network = await new Network(rig.server).open();
  rig.base = network.url;
});
afterAll(async () => {
  await network?.close();
  await rig?.close();
});

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).click();
const sees = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).waitFor();
const back = (page: Page) => press(page, "Back to the entrance");

async function more(page: Page, name: string): Promise<void> {
  await press(page, /^More/);
  await press(page, name);
}

async function done(...seats: readonly Seat[]): Promise<void> {
  expect(seats.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { context } of seats) await context.close();
}

test("VW101 VW104 what was turned off stays off after leaving and after a reload, until it is turned on; and who goes in while nothing can be reached, or is cut off alone in the room, is told", async () => {
  const physics = await running(rig.server, 1);
  const seat = await atDoor(rig, student(physics, 0), physics.classId, { cuts: true, statuses: [503] });
  const { page } = seat;
  const isOff = async () => {
    for (const name of ["Unmute", "Camera on"]) await sees(page, name);
  };
  await press(page, "Mute");
  await press(page, "Camera off");
  await press(page, "Go in");
  await inside(page);
  await isOff();
  await press(page, "Leave");
  await back(page);
  await sees(page, "Go in");
  await isOff();
  const asked = await page.evaluate("asked");
  await press(page, "Go in");
  await inside(page);
  await isOff();
  expect(await page.evaluate("asked")).toBe(asked);
  await page.reload();
  await sees(page, "Go in");
  await isOff();
  expect(await page.evaluate("asked")).toBe(0);
  await press(page, "Camera on");
  await sees(page, "Camera off");
  await page.reload();
  await sees(page, "Camera off");
  await sees(page, "Unmute");
  network.down();
  await press(page, "Go in");
  await page.getByText("You go in by yourself once it can").waitFor();
  network.up();
  await inside(page);
  // With nobody else there, whose connection would tell.
  network.down();
  await page.getByText("Reconnecting to the school").waitFor();
  network.up();
  await page.getByText("Reconnecting to the school").waitFor({ state: "detached" });
  await done(seat);
});

test("VW100 VW102 /static/classroom.html goes in with what is ticked, and who waited there finds the entrance; a reload asks for the password alone, and a wrong class ID has its own words", async () => {
  const [physics, other] = [await school(rig.server, 1), await school(rig.server, 1)];
  const seat = await atDoor(rig, student(physics, 0), physics.classId, {
    path: "/static/classroom.html",
    statuses: [400, 403, 404],
  });
  const { page, person } = seat;
  const join = async (classId: string) => {
    await page.getByLabel("Password").fill(person.password);
    await page.getByLabel("Class ID").fill(classId);
    await press(page, "Join");
  };
  await page.getByLabel("Email").fill(person.email);
  await join("zz");
  await page.getByText("There is no class by that ID").waitFor();
  await join("0".repeat(24));
  await page.getByText("There is no class by that ID").waitFor();
  await join(other.classId);
  await page.getByText("You are not in this class").waitFor();
  await page.getByLabel("Camera").uncheck();
  await join(physics.classId);
  await page.getByText("No session is running").waitFor();
  await startSession(rig.server, physics.teacher, physics.classId);
  await sees(page, "Go in");
  await page.reload();
  expect(await page.getByLabel("Email").inputValue()).toBe(person.email);
  expect(await page.getByLabel("Class ID").inputValue()).toBe(physics.classId);
  expect(await page.getByLabel("Camera").isChecked()).toBe(false);
  await page.getByLabel("Password").fill(person.password);
  await press(page, "Join");
  await inside(page);
  for (const name of ["Mute", "Camera on"]) await sees(page, name);
  await done(seat);
});

test("VW103 why one is not in the room is told as it is: to the teacher who ended it, to who was withdrawn, to who left before the session's end", async () => {
  const physics: School = await running(rig.server, 2);
  const [one, two] = [student(physics, 0), student(physics, 1)];
  const statuses = [403];
  const desk = await goIn(rig, physics.teacher, physics.classId);
  const [seat, leaver] = await Promise.all([
    goIn(rig, one, physics.classId, { statuses }),
    goIn(rig, two, physics.classId),
  ]);
  await hearsAndSees(desk.page, 2);
  await withdraw(rig.server, physics.classId, one.id, physics.teacher);
  await seat.page.getByText("Only the students and teachers of this class can go in").waitFor();
  await more(desk.page, "End for all");
  await desk.page.getByRole("dialog").getByRole("button", { name: "End for all" }).click();
  await leaver.page.getByText("Your teacher has ended the call").waitFor();
  await desk.page.getByText("The call is over for everyone").waitFor();
  await desk.page.getByText("Go in again to open the room for everyone").waitFor();
  await back(desk.page);
  await press(desk.page, "Go in");
  await inside(desk.page);
  await press(desk.page, "Leave");
  await desk.page.getByText("You can go in again while the session runs").waitFor();
  await endSession(rig.server, physics.teacher, physics.classId);
  for (const { page } of [desk, leaver]) {
    await page.getByText("The session is over").waitFor();
    await until("no way back", async () =>
      (await page.getByRole("button", { name: "Back to the entrance" }).count()) === 0
        ? null
        : "there is one",
    );
  }
  await done(desk, seat, leaver);
});

test("VW103 a room in which nobody but the teacher has a place left says so", async () => {
  const physics = await running(rig.server, 6);
  for (let n = 0; n < 5; n++) await SeatByWire.take(rig.server, physics, student(physics, n));
  const seat = await atDoor(rig, student(physics, 5), physics.classId);
  await press(seat.page, "Go in");
  await seat.page.getByText("it holds 6 people, your teacher’s place among them").waitFor();
  await done(seat);
});
