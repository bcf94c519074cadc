import type { Page } from "playwright-core";
import { z } from "zod";

/**
 * Runs before a page's own scripts: whoever comes by `hear` is connected at once, has a still picture, and speaks as
 * loud as `links[n].level` says. What a room of fifty looks like needs no fifty browsers.
 */
export const CROWD = `{
  const Socket = WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      globalThis.socket = this;
    }
  };
  globalThis.hear = (frame) =>
    socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  let still;
  const picture = () => {
    if (still) return still;
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    const context = canvas.getContext("2d");
    context.fillStyle = "#b0bec5";
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = "#546e7a";
    context.arc(160, 110, 60, 0, 7);
    context.fill();
    still = canvas.captureStream(1).getVideoTracks()[0];
    return still;
  };
  globalThis.RTCPeerConnection = class extends EventTarget {
    connectionState = "connected";
    iceConnectionState = "connected";
    signalingState = "stable";
    localDescription = null;
    level = 0;
    constructor() {
      super();
      links.push(this);
    }
    addTransceiver(given) {
      const isSound = given === "audio" || given.kind === "audio";
      const getSynchronizationSources = () => [{ audioLevel: this.level }];
      return {
        receiver: { track: isSound ? null : picture(), getSynchronizationSources },
        sender: { track: null, replaceTrack: async () => {}, getParameters: () => ({ encodings: [] }) },
      };
    }
    getTransceivers() { return []; }
    async getStats() { return new Map(); }
    restartIce() {}
    close() {}
  };
}`;

const NAMES = [
  "Asha Kumar",
  "Maximiliane-Theodora von Hohenlohe-Schillingsfürst",
  "Bo",
  "अनुराधा श्रीनिवासन चक्रवर्ती",
  "Chidi Okafor",
  "Dan Silva",
  "李明",
];

/** Somebody who is in the room as far as the page knows. */
export interface Made {
  /** Their number among those who came. */
  readonly n: number;
  readonly peer: string;
  readonly user: string;
  readonly name: string;
}

/** The nth of a crowd. */
export const made = (n: number): Made => ({
  n,
  peer: n.toString(16).padStart(20, "0"),
  user: `made-up-${n}`,
  name: `${NAMES[n % NAMES.length]} ${n}`,
});

/** The page is told that these are in the room now, with what they show. */
export const come = (page: Page, classId: string, who: readonly Made[], shown: object = {}) =>
  hear(page, classId, {
    gone: [],
    peers: who.map(({ n, ...one }) => ({
      ...{ ...one, role: "student", since: 1_000_000 + n, plain: false },
      ...{ hand: n % 5 === 0, mic: n % 4 !== 0, camera: n % 2 === 0, screen: false, ...shown },
    })),
  });

/** The page is told that these are gone. */
export const go = (page: Page, classId: string, who: readonly Made[]) =>
  hear(page, classId, { peers: [], gone: who.map(({ peer }) => peer) });

/** The page is asked something by the teacher. */
export const ask = (page: Page, classId: string, what: "mute" | "unmute" | "lowerHand") =>
  page.evaluate(`hear(${JSON.stringify({ type: "asked", class: classId, what, by: "a teacher" })})`);

const hear = (page: Page, classId: string, change: object) =>
  page.evaluate(`hear(${JSON.stringify({ type: "roomChange", class: classId, ...change })})`);

/** Of those who came, the nth speaks and nobody else. */
export const speaks = (page: Page, n: number | null) =>
  page.evaluate(`links.forEach((link, at) => { link.level = at === ${n} ? 0.5 : 0; })`);

/** What is wrong with how the room is laid out, a sentence each. */
export async function layoutFaults(page: Page, speaker: string): Promise<string[]> {
  return z.array(z.string()).parse(await page.evaluate(`(${LAYOUT})(${JSON.stringify(speaker)})`));
}

/** In the page: what overlaps, scrolls sideways, cannot be read or is out of sight. */
const LAYOUT = `(speaker) => {
  const faults = [];
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.push("the page is " + over + " pixels too wide");
  const box = (one) => one.getBoundingClientRect();
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  const clash = (all, what) => {
    all.forEach((one, at) => {
      for (const other of all.slice(at + 1))
        if (meet(box(one), box(other))) faults.push(what + ": " + one.textContent + " and " + other.textContent);
    });
  };
  const stage = document.querySelector("[data-stage]");
  for (const one of [stage, ...stage.querySelectorAll("div, ul")])
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
      faults.push(one.className + " scrolls sideways by " + (one.scrollWidth - one.clientWidth));
  const tiles = [...stage.querySelectorAll("li:has(> p)")];
  clash(tiles, "tiles");
  for (const tile of tiles) {
    const words = [...tile.querySelectorAll(":scope > p")];
    clash(words, "words");
    for (const one of words) {
      const [a, b] = [box(one), box(tile)];
      if (a.left < b.left || a.right > b.right || a.top < b.top || a.bottom > b.bottom)
        faults.push(one.textContent + " hangs out of its tile");
    }
    const name = words.at(-1)?.querySelector("[class*=called]");
    if (!name) faults.push(tile.textContent + " has no name");
    if (!name) continue;
    if (parseFloat(getComputedStyle(name).fontSize) < 14) faults.push(name.textContent + " is too small");
    if (name.scrollWidth > name.clientWidth && name.clientWidth < 60) faults.push(name.textContent + " cannot be read");
  }
  const speaking = tiles.filter((one) => one.hasAttribute("data-speaking") && one.textContent.includes(speaker));
  const [a, b] = [speaking[0] && box(speaking[0]), box(stage)];
  if (!a) faults.push(speaker + " does not speak");
  else if (a.top < b.top - 1 || a.bottom > b.bottom + 1 || a.left < b.left - 1 || a.right > b.right + 1)
    faults.push(speaker + " is out of sight");
  const bar = box(document.querySelector("[role=toolbar]"));
  if (bar.bottom > innerHeight + 0.5 || bar.right > innerWidth + 0.5) faults.push("the controls are out of sight");
  return faults;
}`;

/** Words in Latin letters, names aside, and words that are cut off: a sentence each. */
export async function wordFaults(page: Page): Promise<string[]> {
  return z.array(z.string()).parse(await page.evaluate(`(${WORDS})(${JSON.stringify(NOT_WORDS)})`));
}

/** Names of people and things, which are the same in every language. */
const NOT_WORDS = [
  ...NAMES,
  "teacher",
  "student",
  "class of",
  "Rollcall",
  "Fake",
  "Default",
  "Audio",
  "Input",
];

/** In the page. */
const WORDS = `(names) => {
  const faults = [];
  const told = (text) => names.reduce((rest, name) => rest.replaceAll(name, ""), text).trim();
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  const within = (one) => [...one.querySelectorAll("*")].filter((each) => isSeen(each) && !each.closest("footer"));
  for (const one of within(document.querySelector("main"))) {
    const texts = [...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ textContent }) => textContent);
    const spoken = ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? "");
    for (const text of [...texts, ...spoken])
      if (/[A-Za-z]{2,}/.test(told(text)) && !/^fake_device/.test(text)) faults.push("not Hindi: " + text);
    const { overflowX, clipPath } = getComputedStyle(one);
    const isHidden = clipPath !== "none" || one.closest("[class*=VisuallyHidden], [class*=called]");
    const isCut = texts.some((text) => text.trim() !== "") && one.scrollWidth > one.clientWidth + 1;
    if (isCut && !isHidden && one.clientWidth > 0 && overflowX !== "visible") faults.push("cut off: " + one.textContent);
  }
  for (const one of document.querySelectorAll("main button")) {
    const [a, b] = [one.getBoundingClientRect(), one.querySelector("span")?.getBoundingClientRect()];
    if (isSeen(one) && b && b.width > 2 && (b.left < a.left - 0.5 || b.right > a.right + 0.5))
      faults.push("wider than its button: " + one.textContent);
  }
  return faults;
}`;
