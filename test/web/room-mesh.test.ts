import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { Network } from "../client/network.ts";
import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession, student } from "../e2e/people.ts";
import { goIn, hearsAndSees, keptWithin, linksOf, type Seat, until } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(90_000);
let rig: Rig;
let network: Network;
let physics: School;
let seats: Seat[] = [];
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  network = await new Network(rig.server).open();
  rig.base = network.url;
  physics = await school(rig.server, 2);
  await startSession(rig.server, physics.teacher, physics.classId);
  const people = [physics.teacher, ...physics.students];
  seats = await Promise.all(
    people.map((person) => goIn(rig, person, physics.classId, { cuts: true, statuses: [503] })),
  );
});
afterEach(() => {
  for (const { complaints } of seats) expect(complaints).toEqual([]);
});
afterAll(async () => {
  await network?.close();
  await rig?.close();
});

/** The teacher and a student alone, in a call that goes: whoever was there for another test is gone. */
async function pair(): Promise<[Seat, Seat]> {
  for (const { context } of seats.splice(2)) await context.close();
  const [desk, seat] = seats;
  if (!desk || !seat) throw new Error("two seats");
  for (const tab of seat.context.pages().slice(1)) await tab.close();
  await desk.page.getByText("2 here").waitFor();
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  return [desk, seat];
}

const made = async ({ page }: Seat) => Number(await page.evaluate("links.length"));
const asked = async ({ page }: Seat) => Number(await page.evaluate("asked"));

/** In the page: the connection that it made last. */
const NEWEST = "links.findLast(({ connectionState }) => connectionState === 'connected')";

test("VW1 three pages in a room each see and hear both others", async () => {
  for (const { page } of seats) {
    await page.getByText("3 here").waitFor();
    await hearsAndSees(page, 2);
  }
});

test("VW3 once the browser says that it is online anew both ends look for another way at once, and the call goes on by the same connection", async () => {
  const [desk, seat] = await pair();
  const connections = [await made(desk), await made(seat)];
  const ways = () =>
    Promise.all(
      [desk, seat].map(({ page }) =>
        page.evaluate(`/ice-ufrag:(.*)/.exec(${NEWEST}.localDescription.sdp)[1]`),
      ),
    );
  const before = await ways();
  await Promise.all([desk, seat].map(({ page }) => page.evaluate("dispatchEvent(new Event('online'))")));
  await until("another way", async () => {
    const now = await ways();
    return now.every((way, at) => way !== before[at]) ? null : JSON.stringify(now);
  });
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  expect([await made(desk), await made(seat)]).toEqual(connections);
});

test("VW4 a connection that is gone for good is made anew", async () => {
  const [desk, seat] = await pair();
  await desk.page.evaluate(`${NEWEST}.close()`);
  await keptWithin(10_000, "another connection", async () => {
    const links = await linksOf(desk.page);
    return links.length === 1 && links[0]?.state === "connected" ? null : JSON.stringify(links);
  });
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
});

test("VW5 a second tab of the same person is a second peer, and a tab that is closed is gone", async () => {
  const [desk, seat] = await pair();
  const tab = await seat.context.newPage();
  await tab.goto(seat.page.url());
  await tab.getByRole("button", { name: /^Go in/ }).click();
  await hearsAndSees(desk.page, 2);
  // They are one person all the same.
  await desk.page.getByText("2 here").waitFor();
  await tab.close();
  await desk.page
    .getByLabel(`Camera of ${student(physics, 0).name}`)
    .nth(1)
    .waitFor({ state: "detached" });
  await hearsAndSees(desk.page, 1);
});

test("VW6 who leaves is gone at once, with camera and microphone off, and can go in again", async () => {
  const [desk, seat] = await pair();
  await seat.page.getByRole("button", { name: "Leave" }).click();
  await seat.page.getByText("You have left the room").waitFor();
  await desk.page.getByText("1 here").waitFor();
  await desk.page.getByRole("heading", { name: /^Not in the room/ }).waitFor();
  const tiles = desk.page.getByRole("list", { name: "Everyone in the room" });
  expect(await tiles.getByText(student(physics, 0).name).count()).toBe(0);
  await seat.page.getByRole("button", { name: "Back to the entrance" }).click();
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  await hearsAndSees(desk.page, 1);
});

const menu = async (page: Page, name: string) => {
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name }).click();
};

/** What the teacher wants and the student writes while the socket is cut is not lost without a word; gives the field. */
async function cannotBeSent(desk: Page, seat: Page) {
  await menu(desk, "Mute all students");
  await menu(seat, "Show chat");
  const field = seat.getByLabel("Write to everyone");
  await field.fill("May I ask something?");
  await seat.getByRole("button", { name: "Send" }).click();
  for (const page of [desk, seat]) {
    await page.getByText("You are cut off from the school just now").waitFor();
    await page.getByRole("button", { name: "All right" }).click();
  }
  expect(await field.inputValue()).toBe("May I ask something?");
  return field;
}

test("VW2 VW83 VW84 while the server is restarted the call goes on by the same connections, nobody is asked for anything again, and what cannot be sent is not lost", async () => {
  const [desk, seat] = await pair();
  const before = [await made(desk), await made(seat), await asked(desk), await asked(seat)];
  await rig.server.kill9();
  await desk.page.getByText("Reconnecting to the school").waitFor();
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  const field = await cannotBeSent(desk.page, seat.page);
  await rig.server.start();
  for (const { page } of [desk, seat]) await page.getByText(/Good connection|^Connected/).waitFor();
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  await seat.page.getByRole("button", { name: "Send" }).click();
  await desk.page.getByRole("button", { name: "More, 1 new message" }).waitFor();
  await until("an empty field", async () => (await field.inputValue()) || null);
  await seat.page.getByRole("button", { name: "Close the list" }).focus();
  // What is shown from now on comes to the others: they have found each other again.
  await seat.page.keyboard.press("h");
  await desk.page.getByRole("listitem").getByText("hand raised").first().waitFor();
  expect([await made(desk), await made(seat), await asked(desk), await asked(seat)]).toEqual(before);
});
