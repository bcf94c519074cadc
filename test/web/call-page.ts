import { availableParallelism, loadavg } from "node:os";
import type { Page } from "playwright-core";
import { z } from "zod";
import type { Person } from "../e2e/people.ts";
import type { Rig, Watched } from "./rig.ts";

/** The pictures of cameras, instead of those that the page asks for. */
const SMALL = "{ width: 320, height: 180, frameRate: 10 }";

/** For a page that is to encode the pictures that it asks for. */
export const WHOLE_PICTURES = "globalThis.wholePictures = true;";

/** Keeps every connection that the page makes, and counts how often it asked for a device. */
const KEEP = `
  globalThis.links = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config) {
      super({ ...config, ...globalThis.forced });
      links.push(this);
    }
  };
  globalThis.asked = 0;
  // A page of plain HTTP has no devices.
  const devicesOf = navigator.mediaDevices ?? {};
  const open = devicesOf.getUserMedia?.bind(devicesOf);
  // Small pictures: three pages that encode what they would send to a school leave nothing to the others.
  const small = (video) => video && { ...video, ...${SMALL} };
  const ask = ({ audio, video }) => open({ audio, video: globalThis.wholePictures ? video : small(video) });
  devicesOf.getUserMedia = (wanted) => {
    globalThis.asked += 1;
    return globalThis.devices ? globalThis.devices(wanted, ask) : ask(wanted);
  };`;

/** Somebody's page in the room of a class. */
export interface Seat extends Watched {
  readonly person: Person;
}

interface Seating {
  /** Runs in the page before its own scripts. */
  readonly before?: string;
  /** Another page than the app's room. */
  readonly path?: string;
  readonly isSignedIn?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
  readonly cuts?: boolean;
  readonly statuses?: readonly number[];
}

/** Signs the person in, in a browser of their own, at the entrance of the room. */
export async function atDoor(
  rig: Rig,
  person: Person,
  classId: string,
  options: Seating = {},
): Promise<Seat> {
  const { before = "", path = `/classes/${classId}/room`, isSignedIn = true, ...rest } = options;
  const as = isSignedIn ? { as: person } : {};
  const watched = await rig.visit(path, {
    ...as,
    reducedMotion: "reduce",
    // As its flags have it; the browser without a window tells pages otherwise by itself.
    permissions: ["camera", "microphone"],
    before: `${KEEP}\n${before}`,
    ...rest,
  });
  return { ...watched, person };
}

/** The same, and goes in. */
export async function goIn(rig: Rig, person: Person, classId: string, options: Seating = {}): Promise<Seat> {
  const seat = await atDoor(rig, person, classId, options);
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  await inside(seat.page);
  return seat;
}

/** Waits until the page is in the room. */
export const inside = (page: Page) => page.getByRole("toolbar", { name: "Controls" }).waitFor();

const Links = z.array(
  z.object({
    /** The place among all that the page has made. */
    at: z.number(),
    state: z.string(),
    frames: z.number(),
    loudness: z.number(),
    packets: z.number(),
    local: z.string(),
  }),
);

/** What the page's connections that live have brought so far. */
export async function linksOf(page: Page) {
  return Links.parse(
    await page.evaluate(`Promise.all(links.filter((link) => link.connectionState !== "closed").map(async (link) => {
      const found = { at: links.indexOf(link), state: link.connectionState, frames: 0, loudness: 0, packets: 0, local: "" };
      const report = await link.getStats();
      for (const entry of report.values()) {
        if (entry.type === "inbound-rtp" && entry.kind === "video") found.frames += entry.framesDecoded ?? 0;
        if (entry.type === "inbound-rtp" && entry.kind === "audio") {
          found.loudness += entry.totalAudioEnergy ?? 0;
          found.packets += entry.packetsReceived ?? 0;
        }
        if (entry.type === "candidate-pair" && entry.nominated)
          found.local = report.get(entry.localCandidateId)?.candidateType ?? "";
      }
      return found;
    }))`),
  );
}

/**
 * Waits until the page decodes pictures and plays sound (one that is silent plays none) on so many connections, more of
 * both than before, and on no other: the connection to one who has left is kept for a while, with nothing on it.
 */
export async function hearsAndSees(page: Page, count: number, { isSilent = false } = {}): Promise<void> {
  const before = new Map((await linksOf(page)).map((link) => [link.at, link]));
  await until(`${count} live connections`, async () => {
    const links = (await linksOf(page)).filter(({ state }) => state === "connected");
    const moving = links.filter(({ at, frames, loudness }) => {
      const had = before.get(at) ?? { frames: 0, loudness: 0 };
      return frames > had.frames + 1 && (isSilent || loudness > had.loudness);
    });
    return moving.length === count ? null : JSON.stringify(links);
  });
}

/** Waits until the picture under this label is there and moves. */
export async function moves(page: Page, label: string): Promise<void> {
  const video = page.getByLabel(label, { exact: true });
  await video.waitFor();
  await until(`${label} moves`, async () =>
    Number(await video.evaluate((one) => ("currentTime" in one ? one.currentTime : 0))) > 0 ? null : "still",
  );
}

/** Waits until the picture under this label is there and brings more than it had brought. */
export async function movesOn(page: Page, label: string): Promise<void> {
  const video = page.getByLabel(label, { exact: true });
  await video.waitFor();
  const pictures = () =>
    page.evaluate(
      `document.querySelector('[aria-label=${JSON.stringify(label)}]')?.getVideoPlaybackQuality().totalVideoFrames ?? 0`,
    );
  let before = Number(await pictures());
  await until(`${label} moves on`, async () => {
    const now = Number(await pictures());
    const isOn = now > before + 2;
    before = Math.min(now, before);
    return isOn ? null : `${now} pictures`;
  });
}

/** Waits until it gives null; what it gives otherwise is told where it never does. */
export async function until(what: string, faultOf: () => Promise<string | null>, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    const fault = await faultOf();
    if (fault === null) return;
    if (Date.now() > deadline) throw new Error(`never: ${what}; last: ${fault}`);
    await Bun.sleep(100);
  }
}

/**
 * Waits until it gives null, which must be within what the product promises, from this moment on. Where more wants to
 * run than the machine has cores it gets so many times longer, but never more than twice as long: the test's own browsers
 * are part of that load. Where there is a core for everything it gets no longer at all.
 */
export async function keptWithin(
  promisedMs: number,
  what: string,
  faultOf: () => Promise<string | null>,
): Promise<void> {
  const since = performance.now();
  for (let slack = slackNow(); ; slack = Math.max(slack, slackNow())) {
    const fault = await faultOf();
    const tookMs = performance.now() - since;
    if (fault !== null && tookMs <= promisedMs * slack) await Bun.sleep(50);
    else if (tookMs <= promisedMs * slack) return;
    else throw new Error(`not within ${promisedMs} ms times ${slack} for the load: ${what}; last: ${fault}`);
  }
}

const slackNow = (): number => Math.min(SLACK_MAX, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));
const SLACK_MAX = 2;
