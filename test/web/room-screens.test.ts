import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { endSession, type School, school, student } from "../e2e/people.ts";
import { atDoor, until } from "./call-page.ts";
import { axeFaultsInThemes, smallTargets, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let rig: Rig;
let physics: School;
beforeAll(async () => {
  rig = await Rig.open({}, CALLS);
  physics = await school(rig.server, 1);
});
afterAll(() => rig?.close());

const SIZES = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
];

/** What is wrong with the page as it stands, on a phone and a desktop, in both themes. */
async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const over = await wideBy(page);
    if (over > 0) faults.push(`${name}: ${over} pixels wider than ${size.width}`);
    if (size.width === 360) faults.push(...(await smallTargets(page)));
    faults.push(...(await axeFaultsInThemes(page)).map((fault) => `${name}, ${size.width}: ${fault}`));
  }
  return faults;
}

/** The server could not start a session, for as long as `refuses` is there. */
const REFUSED = `
  globalThis.refuses = true;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const { type, id } = JSON.parse(text);
    if (type !== "start" || !globalThis.refuses) return send.call(this, text);
    const data = JSON.stringify({ type: "refused", id, code: "could-not-save", message: "Could not save, try again" });
    this.dispatchEvent(new MessageEvent("message", { data }));
  };`;

/** Keeps what the devices gave. */
const OPENED = `
  globalThis.opened = [];
  globalThis.devices = async (wanted, ask) => {
    const stream = await ask(wanted);
    opened.push(...stream.getTracks());
    return stream;
  };`;

test("VW7 VW93 VW111 without a session a clear word, for the teacher a way to start one, and the page goes on by itself; at its end no device is left on", async () => {
  const desk = await atDoor(rig, physics.teacher, physics.classId, { before: REFUSED });
  const seat = await atDoor(rig, student(physics, 0), physics.classId, { before: OPENED });
  for (const { page } of [desk, seat]) await page.getByText("No session is running").waitFor();
  const faults = [...(await faultsOf(desk.page, "idle")), ...(await faultsOf(seat.page, "idle-student"))];
  expect(await seat.page.getByRole("button", { name: "Start session" }).count()).toBe(0);
  await desk.page.getByRole("button", { name: "Start session" }).click();
  await desk.page.getByText("The server could not start the session just now").waitFor();
  await desk.page.evaluate("delete globalThis.refuses");
  await desk.page.getByRole("button", { name: "Start session" }).click();
  for (const { page } of [desk, seat]) await page.getByRole("button", { name: /^Go in/ }).waitFor();
  await seat.page.getByText("Your voice").waitFor();
  faults.push(...(await faultsOf(seat.page, "lobby")));
  expect(faults).toEqual([]);
  const live = () => seat.page.evaluate("opened.filter(({ readyState }) => readyState === 'live').length");
  expect(await live()).toBe(2);
  await endSession(rig.server, physics.teacher, physics.classId);
  await seat.page.getByText("The session is over").waitFor();
  await until("no device on", async () => ((await live()) === 0 ? null : "one is"));
  for (const { complaints, context } of [desk, seat]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});
