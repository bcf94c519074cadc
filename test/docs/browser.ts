import { type Browser, chromium, type Page } from "playwright-core";

/** Headless, without a sandbox (the tests may run as root), and asking nobody anything. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A camera, a microphone and a screen that are none, allowed without a question, and calls within one machine. */
export const CALLS = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--auto-accept-this-tab-capture",
];

/** As scripts/services.mjs has them, in this order. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** A real Chromium, without windows where that is there. Throws with a sentence where there is none: scripts/services.mjs installs it. */
export function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? NAMES.map((name) => Bun.which(name)).find(Boolean);
  if (!executablePath) throw new Error("Chromium is missing: run node scripts/services.mjs");
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...flags] });
}

/** What a page complained of: errors and warnings in its console, failed requests, reports of its policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}

/** Every address that the page asks for. */
export function requestsOf(page: Page): string[] {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  return urls;
}
