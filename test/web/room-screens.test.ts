import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { type Person, type School, school, startSession, student } from "../e2e/people.ts";
import { atDoor, goIn, inside } from "./call-page.ts";
import { axeFaults, smallTargets, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(120_000);
let rig: Rig;
let physics: School;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  physics = await school(rig.server, 3);
});
afterAll(() => rig?.close());

const WIDTHS = [360, 768, 1440, 1920];
const SCHEMES = ["light", "dark"] as const;
const { ROOM_SHOTS } = process.env;

/** What is wrong with the page as it stands, at four widths and in both themes. */
async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    const over = await wideBy(page);
    if (over > 0) faults.push(`${name}: ${over} pixels wider than ${width}`);
    if (width === 360) faults.push(...(await smallTargets(page)));
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      if (width === 360 || width === 1440)
        faults.push(...(await axeFaults(page)).map((fault) => `${name}, ${width}, ${colorScheme}: ${fault}`));
      if (ROOM_SHOTS) await page.screenshot({ path: `${ROOM_SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
  return faults;
}

test("VW7 without a session a clear word, for the teacher a way to start one, and the page goes on by itself", async () => {
  const desk = await atDoor(rig, physics.teacher, physics.classId);
  const seat = await atDoor(rig, student(physics, 0), physics.classId);
  for (const { page } of [desk, seat]) await page.getByText("No session is running").waitFor();
  const faults = [...(await faultsOf(desk.page, "idle")), ...(await faultsOf(seat.page, "idle-student"))];
  expect(await seat.page.getByRole("button", { name: "Start session" }).count()).toBe(0);
  await desk.page.getByRole("button", { name: "Start session" }).click();
  for (const { page } of [desk, seat]) await page.getByRole("button", { name: /^Go in/ }).waitFor();
  await seat.page.getByText("Your voice").waitFor();
  faults.push(...(await faultsOf(seat.page, "lobby")));
  expect(faults).toEqual([]);
  for (const { complaints, context } of [desk, seat]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

test("VW8 axe finds nothing in the room, its lists and its menu, in both themes; nothing is small or too wide", async () => {
  await startSession(rig.server, physics.teacher, physics.classId);
  const viewport = { width: 1440, height: 900 };
  const desk = await goIn(rig, physics.teacher, physics.classId, { viewport });
  const seats = await Promise.all(
    physics.students.slice(0, 2).map((one: Person) => goIn(rig, one, physics.classId)),
  );
  const { page } = desk;
  await page.getByText("3 here").waitFor();
  await seats[0]?.page.keyboard.press("h");
  await page.getByText("hand raised").first().waitFor();
  const faults = await faultsOf(page, "room-desk");
  await page.getByRole("button", { name: "More" }).click();
  faults.push(...(await faultsOf(page, "room-menu")));
  await page.keyboard.press("Escape");
  const [seat] = seats;
  if (!seat) throw new Error("a student");
  faults.push(...(await faultsOf(seat.page, "room-seat")));
  await seat.page.getByRole("button", { name: "More" }).click();
  await seat.page.getByRole("button", { name: "Show who speaks large" }).click();
  await inside(seat.page);
  faults.push(...(await faultsOf(seat.page, "room-speaker")));
  await seat.page.getByRole("button", { name: "Leave" }).click();
  await seat.page.getByText("You have left the room").waitFor();
  faults.push(...(await faultsOf(seat.page, "room-left")));
  expect(faults).toEqual([]);
  for (const { complaints, context } of [desk, ...seats]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});
