import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { ComingsAndGoings } from "../../web/room/comings.ts";
import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession } from "../e2e/people.ts";
import { atDoor, goIn, type Seat, until } from "./call-page.ts";
import { ask, CROWD, come, go, layoutFaults, made, speaks, wordFaults } from "./crowd.ts";
import { axeFaultsInThemes, smallTargets, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(90_000);
let rig: Rig;
let physics: School;
let desk: Seat;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  physics = await school(rig.server, 1);
  await startSession(rig.server, physics.teacher, physics.classId);
  desk = await goIn(rig, physics.teacher, physics.classId, { before: CROWD });
});
afterAll(() => rig?.close());

const SIZES = [
  ["phone", 360, 740],
  ["laptop", 1280, 800],
  ["projector", 1920, 1080],
] as const;
const { ROOM_SHOTS } = process.env;

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name: entry }).click();
}

/** The room with so many tiles, at every size: nothing may be wrong with it. */
async function look(page: Page, name: string, speaker: string): Promise<void> {
  for (const [size, width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    if (ROOM_SHOTS) await page.screenshot({ path: `${ROOM_SHOTS}/raw-${name}-${size}.png` });
    await until(`${name} on a ${size}`, async () => {
      const faults = await layoutFaults(page, speaker);
      return faults.length === 0 ? null : faults.join("; ");
    });
    if (!ROOM_SHOTS) continue;
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${ROOM_SHOTS}/${name}-${size}-${colorScheme}.png` });
    }
  }
}

test("VW56 from 2 to 50 tiles, alike or with the speaker large, nothing overlaps, names are readable, and who speaks is seen", async () => {
  const { page } = desk;
  await page.getByRole("button", { name: "Close the list" }).click();
  let here = 1;
  for (const count of [2, 7, 16, 30, 50]) {
    const fresh = Array.from({ length: count - here }, (_, at) => made(here + at));
    await come(page, physics.classId, fresh);
    here = count;
    await page.getByText(`${count} here`).waitFor();
    // Whoever came last is the first to be out of sight.
    await speaks(page, count - 2);
    const { name } = made(count - 1);
    await look(page, `grid-${count}`, name);
    await choose(page, "Show who speaks large");
    await look(page, `speaker-${count}`, name);
    await choose(page, "Show all alike");
  }
  await come(page, physics.classId, [made(3)], { screen: true, mic: false, hand: true });
  await page.getByRole("list", { name: "In the middle" }).getByText("Screen of").waitFor();
  await look(page, "screen-50", made(49).name);
  expect(desk.complaints).toEqual([]);
});

test("VW57 a screen reader is told who came and who raised a hand, of many by their number, in one line at a time", async () => {
  const { page } = desk;
  // In the room anew, with nobody of whom anything is still to be said.
  for (const name of ["Leave", "Back to the entrance", /^Go in/])
    await page.getByRole("button", { name }).click();
  await page.getByText("1 here").waitFor();
  const [one, two, three] = [made(101), made(102), made(103)];
  const said = (words: string) => page.getByRole("status").getByText(words).waitFor();
  await come(page, physics.classId, [one], { hand: false });
  await said(`${one.name} came in.`);
  await come(page, physics.classId, [one], { hand: true });
  await come(page, physics.classId, [two, three], { hand: false });
  await said(`2 came in. ${one.name} raised a hand.`);
  await go(page, physics.classId, [one, two, three]);
  await said("3 left.");
});

const somebody = (name: string) => ({ user: name, name, hand: false });

test("VW57 nothing is said of those who are there already, of a second page, or of whoever was only cut off", () => {
  const [ada, ben] = [somebody("Ada"), somebody("Ben")];
  const nothing = { came: [], left: [], hands: [] };
  const comings = new ComingsAndGoings([ada]);
  expect(comings.news([ada], 0)).toEqual(nothing);
  expect(comings.news([ada, somebody("Ada"), ben], 1000)).toEqual({
    ...nothing,
    came: ["Ben"],
  });
  expect(comings.news([ben], 2000)).toEqual(nothing);
  expect(comings.news([ada, ben], 6900)).toEqual(nothing);
  expect(comings.news([{ ...ada, hand: true }], 8000)).toEqual({ ...nothing, hands: ["Ada"] });
  expect(comings.news([{ ...ada, hand: true }], 12_900)).toEqual(nothing);
  expect(comings.news([{ ...ada, hand: true }], 13_000)).toEqual({ ...nothing, left: ["Ben"] });
  expect(comings.news([ada, ben], 14_000)).toEqual({ ...nothing, came: ["Ben"] });
});

test("VW58 M, C and H do what their buttons do, and nothing while somebody writes or a dialog is open", async () => {
  const { page } = desk;
  const bar = page.getByRole("toolbar");
  const button = (name: string | RegExp) => bar.getByRole("button", { name, exact: true });
  for (const [key, there, after] of [
    ["m", "Mute", "Unmute"],
    ["c", "Camera off", "Camera on"],
  ] as const) {
    expect(await button(there).getAttribute("aria-keyshortcuts")).toBe(key.toUpperCase());
    await page.keyboard.press(key);
    await button(after).waitFor();
    await page.keyboard.press(key);
    await button(there).waitFor();
  }
  await choose(page, "Show chat");
  const write = page.getByLabel("Write to everyone");
  await write.pressSequentially("mchMCH");
  expect(await write.inputValue()).toBe("mchMCH");
  await choose(page, "Microphone and camera");
  for (const key of ["m", "c", "h"]) await page.keyboard.press(key);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const name of ["Mute", "Camera off"]) expect(await button(name).isVisible()).toBe(true);
  await button(/^More/).click();
  await button(/^Raise hand/).waitFor();
  await page.keyboard.press("h");
  await button(/^Lower hand/).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close the list" }).click();
});

/** What is wrong with the page as it stands, on a phone and a laptop. */
async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [size, width, height] of SIZES.slice(0, 2)) {
    await page.setViewportSize({ width, height });
    const over = await wideBy(page);
    if (over > 0) faults.push(`${name}: ${over} pixels wider than a ${size}`);
    if (size === "phone") faults.push(...(await smallTargets(page)));
    faults.push(...(await axeFaultsInThemes(page)).map((fault) => `${name} on a ${size}: ${fault}`));
  }
  return faults;
}

test("VW8 axe finds nothing in the room, its lists, its menu and its layouts, in both themes; nothing is small or too wide", async () => {
  const { page } = desk;
  const faults: string[] = [];
  await come(
    page,
    physics.classId,
    Array.from({ length: 12 }, (_, at) => made(at + 1)),
  );
  await choose(page, "Show people");
  faults.push(...(await faultsOf(page, "people")));
  await page.getByRole("button", { name: /^More/ }).click();
  await ask(page, physics.classId, "unmute");
  faults.push(...(await faultsOf(page, "menu")));
  await page.getByRole("button", { name: "Show who speaks large" }).click();
  await choose(page, "Show chat");
  faults.push(...(await faultsOf(page, "speaker, chat")));
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByText("You have left the room").waitFor();
  faults.push(...(await faultsOf(page, "left")));
  expect(faults).toEqual([]);
  expect(desk.complaints).toEqual([]);
});

test("VW59 in Hindi every word of the entrance and the room is Hindi, and none is cut off", async () => {
  const { page, complaints } = await atDoor(rig, physics.teacher, physics.classId, {
    before: CROWD,
    locale: "hi-IN",
  });
  await page.getByText("आपकी आवाज़").waitFor();
  const faults: string[] = [];
  const look = async (name: string) => {
    for (const [size, width, height] of SIZES.slice(0, 2)) {
      await page.setViewportSize({ width, height });
      if ((await wideBy(page)) > 0) faults.push(`${name}: too wide on a ${size}`);
      faults.push(...(await wordFaults(page)).map((fault) => `${name} on a ${size}: ${fault}`));
      if (ROOM_SHOTS) await page.screenshot({ path: `${ROOM_SHOTS}/hindi-${name}-${size}.png` });
    }
  };
  await look("lobby");
  await page.getByRole("button", { name: "अंदर जाएँ" }).click();
  await page.getByRole("button", { name: "सूची बंद करें" }).click();
  await come(
    page,
    physics.classId,
    Array.from({ length: 15 }, (_, at) => made(at + 1)),
  );
  for (const what of ["mute", "lowerHand", "unmute"] as const) await ask(page, physics.classId, what);
  await page.getByRole("status").getByText("अंदर आए").first().waitFor();
  await look("room");
  const more = () => page.getByRole("button", { name: /^और/ }).click();
  const entry = async (name: string) => {
    await more();
    await page.getByRole("button", { name }).click();
  };
  await entry("लोग दिखाएँ");
  await look("people");
  await entry("चैट दिखाएँ");
  await more();
  await look("menu");
  await page.getByRole("button", { name: "सबके लिए समाप्त करें" }).click();
  await look("close");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "बाहर जाएँ" }).click();
  await page.getByText("आप कक्ष से बाहर हैं").waitFor();
  await look("left");
  expect(faults).toEqual([]);
  expect(complaints).toEqual([]);
});
