import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { type Person, type School, school, startSession, student } from "../e2e/people.ts";
import { atDoor, goIn, hearsAndSees, inside, linksOf, moves, type Seat, until } from "./call-page.ts";
import { doTo, UNRULY } from "./fake-devices.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(90_000);
let rig: Rig;
let physics: School;
const seats: Seat[] = [];
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  physics = await school(rig.server, 2);
  await startSession(rig.server, physics.teacher, physics.classId);
});
afterEach(async () => {
  for (const { context, complaints } of seats.splice(0)) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});
afterAll(() => rig?.close());

async function enter(person: Person, at: Rig = rig): Promise<Seat> {
  const seat = await goIn(at, person, physics.classId, { before: UNRULY });
  seats.push(seat);
  return seat;
}

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();
const isConnectedOnce = (page: Page) => page.evaluate("links.length === 1");
const FIRST = "Fake Default Audio Input";
const SECOND = "Fake Audio Input 2";

/** What a page says in which nobody has clicked for some seconds. */
const CALM = "no click counts any more";

/** Chooses another microphone in the middle of the call. */
async function chooseMicrophone(page: Page, label: string): Promise<void> {
  await press(page, /^More/);
  await press(page, "Microphone and camera");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Microphone", { exact: true }).selectOption({ label });
  await until("chosen", async () => {
    const now = String(await page.evaluate("opened.findLast(({ kind }) => kind === 'audio').label"));
    return now === label ? null : now;
  });
  await dialog.getByRole("button", { name: "All right" }).click();
}

test("VW50 VW51 another microphone is taken in mid-call; one that is unplugged or busy is told of, and another goes on", async () => {
  const [desk, { page }] = [await enter(physics.teacher), await enter(student(physics, 0))];
  await hearsAndSees(desk.page, 1);
  await chooseMicrophone(page, SECOND);
  await hearsAndSees(desk.page, 1);
  await doTo(page, "unplug", SECOND);
  await page.getByText("The microphone was unplugged").waitFor();
  await page.getByText(`It goes on by ${FIRST}.`).waitFor();
  await hearsAndSees(desk.page, 1);
  await press(page, "All right");
  await doTo(page, "plug", SECOND);
  await doTo(page, "busy.add", SECOND);
  await press(page, /^More/);
  await press(page, "Microphone and camera");
  await page.getByRole("dialog").getByLabel("Microphone", { exact: true }).selectOption({ label: SECOND });
  await page.getByRole("dialog").getByRole("button", { name: "All right" }).click();
  await page.getByText("Another program uses the microphone").waitFor();
  await page.getByText(`It goes on by ${FIRST}.`).waitFor();
  await hearsAndSees(desk.page, 1);
  expect(await isConnectedOnce(page)).toBe(true);
});

test("VW51 a camera that is unplugged comes back by itself, but not once it was put aside", async () => {
  const [desk, { page }] = [await enter(physics.teacher), await enter(student(physics, 0))];
  const camera = desk.page.getByLabel(`Camera of ${student(physics, 0).name}`);
  await camera.waitFor();
  await doTo(page, "unplug", "fake_device_0");
  await page.getByText("The camera was unplugged").waitFor();
  await page.getByText("Plug it in again and it goes on").waitFor();
  await camera.waitFor({ state: "detached" });
  await doTo(page, "plug", "fake_device_0");
  await camera.waitFor();
  await page.getByText("The camera was unplugged").waitFor({ state: "detached" });
  await hearsAndSees(desk.page, 1);
  await doTo(page, "unplug", "fake_device_0");
  await press(page, "All right");
  await doTo(page, "plug", "fake_device_0");
  await page.evaluate("navigator.mediaDevices.enumerateDevices()");
  await page.getByRole("button", { name: "Camera on" }).waitFor();
  expect(
    await page.evaluate("opened.every(({ kind, readyState }) => kind === 'audio' || readyState === 'ended')"),
  ).toBe(true);
  await press(page, "Camera on");
  await camera.waitFor();
  expect(await isConnectedOnce(page)).toBe(true);
});

test("VW52 without any device one goes in to listen, and a sound that the browser keeps back is asked for", async () => {
  const bare = await rig.beside([
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=user-gesture-required",
  ]);
  const before = `setInterval(() => navigator.userActivation.isActive || console.log("${CALM}"), 100)`;
  const seat = await atDoor(bare, student(physics, 0), physics.classId, { before });
  seats.push(seat);
  const { page } = seat;
  for (const what of ["microphone", "camera"]) await page.getByText(`No ${what} was found`).waitFor();
  await press(page, "Go in to listen");
  await inside(page);
  // What was said at the entrance is not said again.
  expect(await page.getByText("was found").count()).toBe(0);
  // To ask the page anything would be a click to the browser: it says by itself when the last one is too old.
  await page.waitForEvent("console", (message) => message.text() === CALM);
  const desk = await enter(physics.teacher);
  await page.getByText("The browser plays no sound until you allow it").waitFor();
  await hearsAndSees(page, 1, { isSilent: true });
  const heard = (await linksOf(page)).map(({ loudness }) => loudness);
  expect(heard).toEqual([0]);
  await press(page, "Play the sound");
  await hearsAndSees(page, 1);
  await page.getByText("The browser plays no sound until you allow it").waitFor({ state: "detached" });
  await desk.page.getByText("2 here").waitFor();
  await press(page, "Unmute");
  await page.getByText("No microphone was found").waitFor();
  await bare.closeBrowser();
});

test("VW53 a shared screen stands large for the others, of two the newer one, and is gone with the browser's own stop", async () => {
  const [ada, ben] = [student(physics, 0), student(physics, 1)];
  const [desk, seat, other] = [await enter(physics.teacher), await enter(ada), await enter(ben)];
  const large = other.page.getByRole("list", { name: "In the middle" });
  await press(seat.page, "Share");
  await moves(other.page, `Screen of ${ada.name}`);
  await large.getByText(`Screen of ${ada.name}`).waitFor();
  await moves(other.page, `Camera of ${ada.name}`);
  // Who shares goes on seeing the others.
  await seat.page.getByRole("button", { name: "Stop sharing" }).waitFor();
  expect(await seat.page.getByRole("list", { name: "In the middle" }).count()).toBe(0);
  await press(desk.page, "Share");
  await large.getByText(`Screen of ${physics.teacher.name}`).waitFor();
  await press(other.page, `Show Screen of ${ada.name} large`);
  await large.getByText(`Screen of ${ada.name}`).waitFor();
  await moves(other.page, `Screen of ${physics.teacher.name}`);
  await seat.page.evaluate("stopSharing()");
  await large.getByText(`Screen of ${physics.teacher.name}`).waitFor();
  await seat.page.getByRole("button", { name: "Share" }).waitFor();
  await press(desk.page, "Stop sharing");
  await large.waitFor({ state: "detached" });
  expect(await desk.page.evaluate("shared.every(({ readyState }) => readyState === 'ended')")).toBe(true);
});

test("VW54 whoever closes the question for a screen is told nothing, and who may not or cannot share is told what to do", async () => {
  const { page } = await enter(student(physics, 0));
  const refuse = (name: string, message: string) =>
    page.evaluate(`globalThis.refusal = { name: "${name}", message: "${message}" }, undefined`);
  await refuse("NotAllowedError", "Permission denied by user");
  await press(page, "Share");
  await page.getByRole("button", { name: "Share", exact: true }).waitFor();
  expect(await page.getByText("The screen").count()).toBe(0);
  await refuse("NotAllowedError", "Permission denied by system");
  await press(page, "Share");
  await page.getByText("The screen may not be shared").waitFor();
  await page.getByText("Allow this browser to record the screen").waitFor();
  await refuse("NotReadableError", "");
  await press(page, "Try to share again");
  await page.getByText("The screen could not be read").waitFor();
  await page.evaluate("delete globalThis.refusal");
  await press(page, "Try to share again");
  await page.getByRole("button", { name: "Stop sharing" }).waitFor();
  expect(await page.getByText("The screen").count()).toBe(0);
});
