import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { endSession, type School } from "../e2e/people.ts";
import { met, type Seat } from "../e2e/room-seat.ts";
import { presenceOfStudent, until } from "../e2e/time-in-room.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { CallRig, newsOf } from "./call-rig.ts";

setDefaultTimeout(60_000);

let rig: CallRig;
beforeAll(async () => {
  // Nobody asks after the calls by the clock: what is noticed here is noticed for its own sake.
  rig = await CallRig.open({ LIVEKIT_LIST_MS: "3600000" });
});
afterAll(() => rig?.close());

/** The page is in the call, and LiveKit has told of it. */
async function calls(of: School, seat: Seat): Promise<void> {
  await rig.connected(of, seat);
  const there = await rig.api.listParticipants(seat.found.session);
  const { sid } = there.find(({ identity }) => identity === seat.peer) ?? {};
  const news = newsOf("participant_joined", of, seat)
    .replace("PA_1", `${sid}`)
    .replace(/"createdAt":"\d+"/, `"createdAt":"${Math.floor(Date.now() / 1000)}"`);
  expect((await rig.webhook(news, await rig.signed(news))).status).toBe(200);
}

const EXACT_MS = 2000;
/** A list that does not name who came so shortly before it proves nothing of them. */
const FRESH_MS = 2000;
const apart = (one: string | null | undefined, other: number): number =>
  Math.abs(Date.parse(one ?? "") - other);

test("PR18 while LiveKit is killed and restarted everyone's time in the room is right to two seconds, whoever goes and whoever stays", async () => {
  const { of, ada, ben } = await met(rig.server);
  const { session } = ada.found;
  const told = (seat: Seat) => presenceOfStudent(rig.server, of.teacher, session, seat.person);
  for (const seat of [ada, ben]) await calls(of, seat);
  const before = await told(ben);
  const watcher = await V1Watcher.open(rig.server, of.teacher);
  await rig.livekit.service.kill9();
  // As every page does that has lost LiveKit; Ada's is closed then, and LiveKit cannot tell.
  for (const seat of [ada, ben]) expect((await rig.asked(of, seat.peer, seat.person)).status).toBe(201);
  const went = Date.now();
  ada.socket.close();
  const gone = await until(
    "Ada gone",
    () => told(ada),
    ({ here }) => !here,
  );
  expect(gone.intervals).toMatchObject([{ bridged: [] }]);
  expect(apart(gone.intervals[0]?.to, went)).toBeLessThan(EXACT_MS);
  await Bun.sleep(FRESH_MS);
  await rig.livekit.service.start();
  await rig.connected(of, ben);
  await rig.asked(of, ben.peer, ben.person);
  // The new LiveKit does not know the old presence.
  await watcher.until("Ben's old presence seen out", (frame) => /"left".*"list"/.test(JSON.stringify(frame)));
  const here = await told(ben);
  expect(here).toMatchObject({ here: true, intervals: [{ to: null, bridged: [] }] });
  const ended = Date.now();
  await endSession(rig.server, of.teacher, of.classId);
  const [its, more] = (await told(ben)).intervals;
  expect([its?.from, its?.bridged, more]).toEqual([before.intervals[0]?.from, [], undefined]);
  expect(apart(its?.to, ended)).toBeLessThan(EXACT_MS);
  expect((await told(ada)).intervals).toEqual(gone.intervals);
});
