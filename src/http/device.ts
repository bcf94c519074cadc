/** In the order of asking: many browsers also say that they are another. */
const BROWSERS = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\b(?:OPR|Opera)\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ["Safari", /\bSafari\//],
] as const;
const SYSTEMS = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
] as const;

type Kinds = readonly (readonly [string, RegExp])[];
const kindOf = (kinds: Kinds, agent: string) => kinds.find(([, pattern]) => pattern.test(agent))?.[0];

/** A browser in words that its owner knows again, by its User-Agent: "Firefox on Linux". */
export function deviceOf(agent: string | null): string {
  const browser = kindOf(BROWSERS, agent ?? "") ?? "A browser";
  const system = kindOf(SYSTEMS, agent ?? "");
  return system === undefined ? browser : `${browser} on ${system}`;
}
