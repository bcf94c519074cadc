import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CALLS } from "../docs/browser.ts";
import { type Person, school, startSession, student } from "../e2e/people.ts";
import { presenceOf } from "../e2e/time-in-room.ts";
import { startLiveKit, type TestLiveKit } from "../services/livekit.ts";
import { atDoor, goIn, inside, keptWithin, type Seat } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(150_000);
let livekit: TestLiveKit;
let rig: Rig;
beforeAll(async () => {
  livekit = await startLiveKit();
  rig = await Rig.open({ ...livekit.env, VIDEO_MESH_MAX: "2", STUN_URLS: STUN }, CALLS);
});
afterAll(async () => {
  await rig?.close();
  await livekit?.remove();
});

/** Our own server of the pages, where nobody listens. */
const STUN = "stun:127.0.0.1:9";
/** All servers that any connection of the page has been given. */
const SERVERS =
  "[...new Set(links.flatMap((link) => link.getConfiguration().iceServers.flatMap(({ urls }) => urls)))].join()";

const DECODED = `(async () => {
  let count = 0;
  for (const link of links) if (link.connectionState === "connected")
    for (const entry of (await link.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.kind === "video" && entry.framesDecoded > 0)
        count += 1;
  return count;
})()`;

/** The page decodes the pictures of so many others by LiveKit within this time. */
const decodes = ({ page }: Seat, count: number, promisedMs = FIRST_MS) =>
  keptWithin(promisedMs, `${count} pictures`, async () => {
    const found = Number(await page.evaluate(DECODED));
    const isByOne = Boolean(
      await page.evaluate('links.filter((link) => link.connectionState === "connected").length <= 2'),
    );
    return found === count && isByOne ? null : String(found);
  });

/** Nothing is promised here for the way in: the bench measures it. */
const FIRST_MS = 20_000;
/** For the way from the mesh to LiveKit, and for the way back after LiveKit is there again. */
const [OVER_MS, BACK_MS] = [5000, 10_000];

test("VW15 the page may reach LiveKit where it is set up, and nothing else beside the school", async () => {
  const policy = (await fetch(`${rig.server.url}/`)).headers.get("content-security-policy") ?? "";
  const { origin, host } = new URL(livekit.env.LIVEKIT_URL ?? "");
  expect(policy).toEndWith(`; connect-src 'self' ${origin} http://${host}`);
});

/** Goes in by the page that existing users know. */
async function goInByStaticPage(person: Person, classId: string): Promise<Seat> {
  const seat = await atDoor(rig, person, classId, { cuts: true, path: "/static/classroom.html" });
  await seat.page.getByLabel("Email").fill(person.email);
  await seat.page.getByLabel("Password").fill(person.password);
  await seat.page.getByLabel("Class ID").fill(classId);
  await seat.page.getByRole("button", { name: "Join" }).click();
  await inside(seat.page);
  return seat;
}

test("VW13 VW14 VW32 VW92 a room that outgrows the mesh by a page of /static/classroom.html moves to LiveKit, and is back after LiveKit was killed, asking for no device again", async () => {
  const physics = await school(rig.server, 2);
  const { teacher, classId } = physics;
  const { sessionId } = await startSession(rig.server, teacher, classId);
  const [one, two] = [student(physics, 0), student(physics, 1)];
  const seats = await Promise.all([teacher, one].map((person) => goIn(rig, person, classId, { cuts: true })));
  for (const seat of seats) await decodes(seat, 1);
  seats.push(await goInByStaticPage(two, classId));
  await Promise.all(seats.map((seat) => decodes(seat, 2, OVER_MS)));
  for (const { page } of seats) expect(await page.evaluate(SERVERS)).toBe(STUN);
  const asked = await Promise.all(seats.map(({ page }) => page.evaluate("asked")));
  // From here on only what is connected anew counts.
  for (const { page } of seats) await page.evaluate("links.splice(0)");
  await livekit.service.kill9();
  await livekit.service.start();
  await Promise.all(seats.map((seat) => decodes(seat, 2, BACK_MS)));
  expect(await Promise.all(seats.map(({ page }) => page.evaluate("asked")))).toEqual(asked);
  // Nobody was away, and nobody was there twice.
  for (const { here, intervals } of (await presenceOf(rig.server, teacher, sessionId)).students)
    expect({ here, intervals }).toMatchObject({ here: true, intervals: [{ to: null, bridged: [] }] });
  const elsewhere = `elsewhere: http://${livekit.service.address}/`;
  const complaints = seats.flatMap((seat) => seat.complaints);
  expect(complaints.filter((one) => !one.startsWith(elsewhere))).toEqual([]);
  for (const { context } of seats) await context.close();
});
