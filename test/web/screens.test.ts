import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { gallery, type Shot } from "./gallery.ts";
import { axeFaultsInThemes, smallTargets, wideBy } from "./page-faults.ts";
import { Rig, type Watched } from "./rig.ts";

setDefaultTimeout(120_000);
let rig: Rig;
let shots: Shot[];
beforeAll(async () => {
  rig = await Rig.open();
  shots = await gallery(rig.server);
});
afterAll(() => rig?.close());

const WIDTHS = [360, 768, 1440, 1920];

test("WB9 every screen in both themes: nothing for axe-core, no small targets on a phone, nothing wider than the page", async () => {
  const faults: string[] = [];
  let watched: Watched | null = null;
  let who: Shot["who"] = null;
  for (const shot of shots) {
    await shot.arrange?.();
    if (!watched || shot.who !== who) {
      await watched?.context.close();
      watched = await rig.visit(shot.path, {
        ...(shot.who && { as: shot.who }),
        statuses: [403, 404],
        reducedMotion: "reduce",
      });
      who = shot.who;
    } else await goTo(watched.page, shot.path);
    await shot.ready(watched.page);
    for (const fault of await faultsOf(watched.page)) faults.push(`${shot.name}: ${fault}`);
    for (const complaint of watched.complaints.splice(0)) faults.push(`${shot.name}: ${complaint}`);
  }
  await watched?.context.close();
  expect(shots.length).toBeGreaterThan(20);
  expect(faults).toEqual([]);
});

/** As a link of the app would, without loading all of it again. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, "", ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent("popstate"))`,
  );
}

async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const over = await wideBy(page);
    if (over > 0) faults.push(`${over} pixels wider than ${width}`);
    if (width === 360) faults.push(...(await smallTargets(page)));
  }
  return [...faults, ...(await axeFaultsInThemes(page))];
}

test("WB9 these checks find what is wrong", async () => {
  const { page, context } = await rig.visit("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.evaluate(`document.body.insertAdjacentHTML("beforeend",
    '<button style="width:20px;height:20px"></button><p style="width:3000px;color:#999">pale</p>')`);
  const faults = (await faultsOf(page)).join("\n");
  for (const word of ["button-name", "color-contrast", "20x20", "wider than 360"])
    expect(faults).toContain(word);
  await context.close();
});
