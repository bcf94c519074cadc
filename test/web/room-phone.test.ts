import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { student } from "../e2e/people.ts";
import { running } from "../e2e/room-seat.ts";
import { atDoor, goIn, inside, type Seat, until } from "./call-page.ts";
import { CROWD, come, made } from "./crowd.ts";
import { smallTargets, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
});
afterAll(() => rig?.close());

const PHONE = { width: 360, height: 740 };
const ON_ITS_SIDE = { width: 740, height: 360 };
const LAPTOP = { width: 1280, height: 800 };
const { ROOM_SHOTS } = process.env;

async function shoot(page: Page, name: string): Promise<void> {
  if (!ROOM_SHOTS) return;
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${ROOM_SHOTS}/${name}-${colorScheme}.png` });
  }
}

/** Waits until all of it is in the window, with the page where it stands. */
const inSight = (page: Page, what: string) =>
  until(`${what} in sight`, async () => {
    const out = await page.evaluate(`(() => {
      const { top, bottom } = document.querySelector(${JSON.stringify(what)}).getBoundingClientRect();
      return top < 0 || bottom > innerHeight + 0.5 ? top + " to " + bottom + " of " + innerHeight : "";
    })()`);
    return out === "" ? null : String(out);
  });

const heightOf = async (page: Page, what: string) =>
  Number(
    await page.evaluate(`document.querySelector(${JSON.stringify(what)}).getBoundingClientRect().height`),
  );

const DENIED = `globalThis.devices = () => Promise.reject(new DOMException("", "NotAllowedError"));`;

async function close(...seats: readonly Seat[]): Promise<void> {
  expect(seats.flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { context } of seats) await context.close();
}

test("VW107 on a phone, upright and on its side, the way in, the class and the controls are in sight without scrolling", async () => {
  const physics = await running(rig.server, 1);
  const seat = await atDoor(rig, student(physics, 0), physics.classId, { before: CROWD, viewport: PHONE });
  const { page } = seat;
  await page.getByText("Your voice").waitFor();
  for (const viewport of [ON_ITS_SIDE, PHONE]) {
    await page.setViewportSize(viewport);
    await inSight(page, "button[data-go-in]");
    await shoot(page, `lobby-${viewport.width}`);
  }
  await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
  await page.getByRole("button", { name: /^Go in/ }).click();
  await inside(page);
  await come(page, physics.classId, [made(1), made(2), made(3)]);
  for (const viewport of [PHONE, ON_ITS_SIDE]) {
    await page.setViewportSize(viewport);
    for (const part of ["h1", "[data-own], header [role=status]", "[role=toolbar]"])
      await inSight(page, part);
    expect(await page.evaluate("document.documentElement.scrollHeight - innerHeight")).toBe(0);
    expect(await heightOf(page, "[data-stage]")).toBeGreaterThan(viewport.height / 2);
    expect(await wideBy(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    await shoot(page, `room-${viewport.width}`);
  }
  await close(seat);
});

test("VW108 with camera and microphone denied most of a phone is the others', and what is said of it can be put aside", async () => {
  const physics = await running(rig.server, 1);
  const seat = await goIn(rig, student(physics, 0), physics.classId, {
    before: CROWD + DENIED,
    viewport: PHONE,
  });
  const { page } = seat;
  await page.getByRole("button", { name: "Unmute" }).click();
  await page.getByRole("button", { name: "Camera on" }).click();
  await page.getByText("The camera is not allowed").waitFor();
  await come(page, physics.classId, [made(1), made(2), made(3)]);
  await shoot(page, "denied-360");
  expect(await heightOf(page, "[data-stage]")).toBeGreaterThan(PHONE.height / 3);
  for (const _ of ["microphone", "camera"])
    await page.getByRole("button", { name: "All right" }).first().click();
  await page.getByText("is not allowed").first().waitFor({ state: "detached" });
  await close(seat);
});

test("VW109 a list in the room leaves the pictures in sight at every width", async () => {
  const physics = await running(rig.server, 1);
  const seat = await goIn(rig, physics.teacher, physics.classId, { before: CROWD, viewport: PHONE });
  const { page } = seat;
  await come(
    page,
    physics.classId,
    Array.from({ length: 15 }, (_, at) => made(at + 1)),
  );
  await page.getByText("16 here").waitFor();
  await page.getByRole("button", { name: /^More/ }).click();
  await shoot(page, "menu-360");
  await page.getByRole("button", { name: "Show people" }).click();
  for (const viewport of [{ width: 900, height: 700 }, PHONE, ON_ITS_SIDE, LAPTOP]) {
    await page.setViewportSize(viewport);
    await shoot(page, `people-${viewport.width}`);
    const seen = await page.evaluate(`(() => {
      const list = document.querySelector("aside").getBoundingClientRect();
      const meets = ({ left, right, top, bottom }) =>
        left < list.right && right > list.left && top < list.bottom && bottom > list.top;
      return !meets(document.querySelector("[data-stage]").getBoundingClientRect());
    })()`);
    expect([viewport.width, seen]).toEqual([viewport.width, true]);
  }
  await page.getByRole("button", { name: "Close the list" }).click();
  await close(seat);
});
