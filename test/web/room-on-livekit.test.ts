import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { RoomServiceClient, type TrackInfo, TrackSource } from "livekit-server-sdk";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { type Person, type School, school, startSession, student } from "../e2e/people.ts";
import { startLiveKit, type TestLiveKit } from "../services/livekit.ts";
import { goIn, keptWithin, linksOf, moves, type Seat, until } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(150_000);
let livekit: TestLiveKit;
let rig: Rig;
let api: RoomServiceClient;
let physics: School;
let session: string;
let seats: Seat[];

/** Three pages in a call on LiveKit, of which only the first student's microphone is on. */
beforeAll(async () => {
  livekit = await startLiveKit();
  const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = livekit.env;
  api = new RoomServiceClient(`http://${livekit.service.address}`, key, secret);
  rig = await Rig.open({ ...livekit.env, VIDEO_MESH_MAX: "2" }, CALLS);
  physics = await school(rig.server, 2);
  session = (await startSession(rig.server, physics.teacher, physics.classId)).sessionId;
  const people = [student(physics, 0), student(physics, 1), physics.teacher];
  const viewport = { width: 1440, height: 900 };
  seats = await Promise.all(
    people.map((person) => goIn(rig, person, physics.classId, { cuts: true, viewport })),
  );
  for (const { page } of others()) await page.keyboard.press("m");
  for (const { person } of others()) await atLiveKit("off", person);
});
afterAll(async () => {
  await rig?.close();
  await livekit?.remove();
});

const speaker = (): Seat => {
  const [first] = seats;
  if (!first) throw new Error("no seats");
  return first;
};
const others = (): Seat[] => seats.slice(1);
const press = () => speaker().page.keyboard.press("m");

/** LiveKit's own word on what the person sends, and as which peer. */
async function tracksOf({ id }: Person): Promise<{ peer: string; tracks: TrackInfo[] }> {
  const all = await api.listParticipants(session).catch(() => []);
  const theirs = all.findLast(({ attributes }) => attributes.user === id);
  return { peer: theirs?.identity ?? "", tracks: theirs?.tracks ?? [] };
}

async function microphoneOf(person: Person): Promise<{ peer: string; track: TrackInfo | undefined }> {
  const { peer, tracks } = await tracksOf(person);
  return { peer, track: tracks.find(({ source }) => source === TrackSource.MICROPHONE) };
}

/** Waits until LiveKit has it so; off is muted, or not there. */
const atLiveKit = (wanted: "on" | "off", person = speaker().person) =>
  until(`a microphone that is ${wanted}`, async () => {
    const { peer, track } = await microphoneOf(person);
    const isOn = track !== undefined && !track.muted;
    return peer !== "" && isOn === (wanted === "on") ? null : JSON.stringify({ peer, muted: track?.muted });
  });

/** What all connections of the page have brought so far. */
async function broughtTo({ page }: Seat): Promise<{ frames: number; loudness: number }> {
  const live = (await linksOf(page)).filter(({ state }) => state === "connected");
  const sum = (of: (one: (typeof live)[number]) => number) => live.reduce((all, one) => all + of(one), 0);
  return { frames: sum(({ frames }) => frames), loudness: sum(({ loudness }) => loudness) };
}

const hears = (seat: Seat) =>
  until("sound", async () => {
    const before = await broughtTo(seat);
    await Bun.sleep(300);
    const { loudness } = await broughtTo(seat);
    return loudness > before.loudness + SILENCE ? null : `${loudness}`;
  });

/** Energy of a decoder that fills gaps; a beep of Chromium's own microphone has some thousand times as much. */
const SILENCE = 1e-5;
/** For noticing, where LiveKit's client takes 15 s, and for the way back. */
const PROMISED_MS = 10_000;
/** So many pictures of two others take two seconds: Chromium's microphone beeps every second. */
const PICTURES = 40;

/** Once what was still on its way has been played, nothing is heard while this is done, and for a while after. */
async function inSilence(act: () => Promise<unknown> = async () => undefined): Promise<void> {
  const before = await Promise.all(others().map(stillness));
  await act();
  for (const [at, seat] of others().entries()) {
    const { frames = 0, loudness = 0 } = before[at] ?? {};
    const now = await seen(seat, frames + PICTURES);
    expect(now - loudness).toBeLessThan(SILENCE);
  }
}

/** Waits for so many pictures; gives how loud it has been. */
async function seen(seat: Seat, pictures: number): Promise<number> {
  let brought = await broughtTo(seat);
  await until(`${pictures} pictures`, async () => {
    brought = await broughtTo(seat);
    return brought.frames >= pictures ? null : `${brought.frames}`;
  });
  return brought.loudness;
}

/** What had been brought once nothing more was to be heard. */
async function stillness(seat: Seat): Promise<{ frames: number; loudness: number }> {
  let last = await broughtTo(seat);
  await until("silence", async () => {
    const { loudness: before } = last;
    await Bun.sleep(300);
    last = await broughtTo(seat);
    return last.loudness - before < SILENCE / 10 ? null : `${last.loudness}`;
  });
  return last;
}

test("VW30 a microphone that is off is silent to everyone over LiveKit, also where LiveKit would turn it on", async () => {
  for (const seat of others()) await hears(seat);
  await press();
  await atLiveKit("off");
  await inSilence(async () => {
    const { peer, track } = await microphoneOf(speaker().person);
    await api.mutePublishedTrack(session, peer, track?.sid ?? "", false);
    await atLiveKit("off");
  });
  await press();
  await atLiveKit("on");
  for (const seat of others()) await hears(seat);
});

test("VW30 it is silent after LiveKit was killed and restarted, and heard once it is on again", async () => {
  await press();
  await atLiveKit("off");
  for (const { page } of seats) await page.evaluate("links.splice(0)");
  await livekit.service.kill9();
  await livekit.service.start();
  for (const { person } of seats) await atLiveKit("off", person);
  // All that the new connections have brought.
  for (const seat of others()) expect(await seen(seat, PICTURES)).toBeLessThan(SILENCE);
  await press();
  await atLiveKit("on");
  for (const seat of others()) await hears(seat);
});

test("VW31 the teacher mutes over LiveKit: the page and LiveKit have it so, and the page may turn it on again", async () => {
  const { page, person } = speaker();
  const desk = seats[2]?.page;
  await desk?.getByRole("button", { name: `Mute ${person.name}`, exact: true }).click();
  await page.getByText("Your teacher has muted you").waitFor();
  await atLiveKit("off");
  await inSilence(() => page.getByRole("button", { name: "Unmute", exact: true }).first().waitFor());
  await press();
  await atLiveKit("on");
  for (const seat of others()) await hears(seat);
  // The word of LiveKit alone, as where the page's own socket is cut.
  const { peer, track } = await microphoneOf(person);
  await api.mutePublishedTrack(session, peer, track?.sid ?? "", true);
  await page.getByRole("button", { name: "Unmute", exact: true }).first().waitFor();
  await atLiveKit("off");
  await inSilence(
    () => desk?.getByRole("button", { name: `Ask to unmute: ${person.name}` }).waitFor() ?? Promise.reject(),
  );
});

test("VW34 over LiveKit a camera that is off is not there, a screen comes and goes, and another microphone is heard and silenced", async () => {
  const { page, person } = speaker();
  const sources = async () => (await tracksOf(person)).tracks.map(({ source }) => source);
  const sends = (source: TrackSource, wanted: boolean) =>
    until(`${source}: ${wanted}`, async () =>
      (await sources()).includes(source) === wanted ? null : `${await sources()}`,
    );
  await page.keyboard.press("c");
  await sends(TrackSource.CAMERA, false);
  await page.keyboard.press("c");
  for (const seat of others()) await moves(seat.page, `Camera of ${person.name}`);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  for (const seat of others()) await moves(seat.page, `Screen of ${person.name}`);
  await page.getByRole("button", { name: "Stop sharing" }).click();
  await sends(TrackSource.SCREEN_SHARE, false);
  await press();
  await atLiveKit("on");
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name: "Microphone and camera" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Microphone", { exact: true }).selectOption({ label: "Fake Audio Input 2" });
  await dialog.getByRole("button", { name: "All right" }).click();
  for (const seat of others()) await hears(seat);
  await press();
  await atLiveKit("off");
  await inSilence();
});

test("VW33 a LiveKit that hangs is noticed within ten seconds, and the call is back within ten once it goes on", async () => {
  const { page } = speaker();
  livekit.service.signal("SIGSTOP");
  const waiting = (one: Page) => one.getByText("reconnecting…").count();
  await keptWithin(PROMISED_MS, "LiveKit hangs", async () =>
    (await waiting(page)) > 0 ? null : "nothing is said",
  );
  livekit.service.signal("SIGCONT");
  await keptWithin(PROMISED_MS, "the call is back", async () => {
    const all = await Promise.all(seats.map((seat) => waiting(seat.page)));
    return all.every((count) => count === 0) ? null : String(all);
  });
  const { frames } = await broughtTo(speaker());
  await seen(speaker(), frames + PICTURES);
});
