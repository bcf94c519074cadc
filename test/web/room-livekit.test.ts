import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { CALLS } from "../docs/browser.ts";
import { school, startSession } from "../e2e/people.ts";
import { startLiveKit, type TestLiveKit } from "../services/livekit.ts";
import { goIn, type Seat, until } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(150_000);
let livekit: TestLiveKit;
let rig: Rig;
beforeAll(async () => {
  livekit = await startLiveKit();
  rig = await Rig.open({ ...livekit.env, VIDEO_MESH_MAX: "2" }, CALLS);
});
afterAll(async () => {
  await rig?.close();
  await livekit?.remove();
});

const DECODED = `(async () => {
  let count = 0;
  for (const link of links) if (link.connectionState === "connected")
    for (const entry of (await link.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.kind === "video" && entry.framesDecoded > 0)
        count += 1;
  return count;
})()`;

/** On a busy machine a page takes long to notice that LiveKit is gone. */
const PATIENCE_MS = 60_000;

/** Waits until the page decodes the pictures of so many others by LiveKit. */
const decodes = ({ page }: Seat, count: number) =>
  until(
    `${count} pictures`,
    async () => {
      const found = Number(await page.evaluate(DECODED));
      const isByOne = Boolean(
        await page.evaluate('links.filter((link) => link.connectionState === "connected").length <= 2'),
      );
      return found === count && isByOne ? null : String(found);
    },
    PATIENCE_MS,
  );

test("VW15 the page may reach LiveKit where it is set up, and nothing else beside the school", async () => {
  const policy = (await fetch(`${rig.server.url}/`)).headers.get("content-security-policy") ?? "";
  const { origin, host } = new URL(livekit.env.LIVEKIT_URL ?? "");
  expect(policy).toEndWith(`; connect-src 'self' ${origin} http://${host}`);
});

test("VW13 VW14 a room that outgrows the mesh moves to LiveKit, and comes back after LiveKit was killed, asking for no device again", async () => {
  const physics = await school(rig.server, 2);
  await startSession(rig.server, physics.teacher, physics.classId);
  const [one, two] = physics.students;
  if (!one || !two) throw new Error("two students");
  const options = { cuts: true, statuses: [] };
  const enter = (person: typeof one) => goIn(rig, person, physics.classId, options);
  const seats = await Promise.all([enter(physics.teacher), enter(one)]);
  for (const seat of seats) await decodes(seat, 1);
  seats.push(await enter(two));
  await Promise.all(seats.map((seat) => decodes(seat, 2)));
  const asked = await Promise.all(seats.map(({ page }) => page.evaluate("asked")));
  // From here on only what is connected anew counts.
  for (const { page } of seats) await page.evaluate("links.splice(0)");
  await livekit.service.kill9();
  await livekit.service.start();
  await Promise.all(seats.map((seat) => decodes(seat, 2)));
  expect(await Promise.all(seats.map(({ page }) => page.evaluate("asked")))).toEqual(asked);
  for (const { context } of seats) await context.close();
});
