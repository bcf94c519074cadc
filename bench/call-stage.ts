import type { Page } from "playwright-core";
import { CALLS } from "../test/docs/browser.ts";
import { type Person, school, startSession, student } from "../test/e2e/people.ts";
import { startLiveKit, type TestLiveKit } from "../test/services/livekit.ts";
import { atDoor, goIn, inside, type Seat, WHOLE_PICTURES } from "../test/web/call-page.ts";
import { Rig } from "../test/web/rig.ts";

/** By what a call goes. */
export type Carrier = "mesh" | "LiveKit";

/** In the page: presses where there is a button to press, and gives after how many ms pictures of `some` or `every` label move. */
const MOVING = `async ({ labels, quantity, button }) => {
  const videos = () => [...document.querySelectorAll("video[aria-label]")];
  const of = (label) => videos().find((video) => video.getAttribute("aria-label") === label);
  const frames = (video) => video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  const before = new Map(videos().map((video) => [video, frames(video)]));
  const began = performance.now();
  if (button) [...document.querySelectorAll("button")].find((one) => one.textContent.startsWith(button)).click();
  const moves = (label) => frames(of(label)) > (before.get(of(label)) ?? 0);
  while (!labels[quantity](moves)) await new Promise((resolve) => setTimeout(resolve, 10));
  return performance.now() - began;
}`;

/** A class whose teacher and first student are in a call, in real Chromium with made-up devices, and whose second comes and goes. */
export class CallStage {
  private constructor(
    private readonly rig: Rig,
    private readonly livekit: TestLiveKit | null,
    private readonly seats: readonly Seat[],
    private readonly comer: Seat,
  ) {}

  /** With LiveKit the comer has been there once: the room has moved over. */
  static async open(carrier: Carrier): Promise<CallStage> {
    const livekit = carrier === "LiveKit" ? await startLiveKit() : null;
    const rig = await Rig.open({ ...livekit?.env, ...(livekit && { VIDEO_MESH_MAX: "2" }) }, CALLS);
    const physics = await school(rig.server, 2);
    await startSession(rig.server, physics.teacher, physics.classId);
    const options = { cuts: true, before: WHOLE_PICTURES };
    const seats: Seat[] = [];
    for (const person of [physics.teacher, student(physics, 0)])
      seats.push(await goIn(rig, person, physics.classId, options));
    const comer = await atDoor(rig, student(physics, 1), physics.classId, options);
    const stage = new CallStage(rig, livekit, seats, comer);
    if (livekit) await stage.join();
    return stage;
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.livekit?.remove();
  }

  /** The ms from the press on "Go in" until the first picture of somebody else moves; the comer has left again then. */
  async join(): Promise<number> {
    const { page } = this.comer;
    const go = page.getByRole("button", { name: /^Go in/ });
    await go.waitFor();
    const took = await this.#moving(this.comer, "some", "Go in");
    await inside(page);
    await Promise.all(this.seats.map(({ page: its }) => its.getByText("3 here").waitFor()));
    await page.getByRole("button", { name: "Leave" }).click();
    await Promise.all(this.seats.map(({ page: its }) => its.getByText("2 here").waitFor()));
    await page.getByRole("button", { name: "Back to the entrance" }).click();
    return took;
  }

  /** Kills LiveKit and starts it again: the ms from when it can be used until everyone who stays sees everyone else. */
  async back(): Promise<number> {
    await this.livekit?.service.kill9();
    await this.livekit?.service.start();
    return Math.max(...(await Promise.all(this.seats.map((seat) => this.#moving(seat, "every")))));
  }

  async #moving({ page, person }: Seat, quantity: "some" | "every", button = ""): Promise<number> {
    const labels = this.#there.filter(({ id }) => id !== person.id).map(({ name }) => `Camera of ${name}`);
    return Number(await evaluated(page, { labels, quantity, button }));
  }

  get #there(): Person[] {
    return this.seats.map(({ person }) => person);
  }
}

const evaluated = (page: Page, given: object) => page.evaluate(`(${MOVING})(${JSON.stringify(given)})`);
