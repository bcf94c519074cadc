// Writes every screen of the app at four widths in both themes into docs/screenshots: `npm run screenshots [NAME…]`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { CALLS } from "../test/docs/browser.ts";
import { gallery, lessonWith, type Shot } from "../test/web/gallery.ts";
import { Rig } from "../test/web/rig.ts";

const FOLDER = join(import.meta.dir, "..", "docs", "screenshots");
const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
];
const THEMES = ["light", "dark"] as const;

async function shoot(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(FOLDER, `${name}-${size.width}-${colorScheme}.png`) });
    }
  }
}

async function visit(rig: Rig, shot: Shot): Promise<void> {
  const { page, context } = await rig.visit(shot.path, {
    ...(shot.who && { as: shot.who }),
    reducedMotion: "reduce",
  });
  await shot.ready(page);
  await shoot(page, shot.name);
  await context.close();
}

/** The room as its teacher sees it: two of the four students show themselves, one has a question. */
async function visitRoom(rig: Rig): Promise<void> {
  const { teacher, students, classId } = await lessonWith(rig.server, [
    "Mira Novak",
    "Tom Adeyemi",
    "Yuki Tanaka",
    "Zoe Laurent",
  ]);
  const path = `/classes/${classId}/room`;
  const visits = [teacher, ...students].map((as) => rig.visit(path, { as, reducedMotion: "reduce" }));
  const pages = (await Promise.all(visits)).map(({ page }) => page);
  for (const [n, page] of pages.entries()) {
    await page.getByText("Your voice").waitFor();
    if (n > 2) await page.getByRole("button", { name: /^Camera/ }).click();
    await page.getByRole("button", { name: /^Go in/ }).click();
  }
  const [desk, ...seats] = pages;
  if (!desk) throw new Error("no teacher");
  await desk.getByText("5 here").waitFor();
  await seats[2]?.keyboard.press("h");
  await desk.getByText("hand raised").first().waitFor();
  await desk.waitForFunction('document.querySelectorAll("video").length >= 3');
  await shoot(desk, "room");
  for (const page of pages) await page.context().close();
}

const wanted = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
const rig = await Rig.open({}, CALLS);
try {
  // Teachers sign up by themselves until there is an administrator.
  if (wanted.length === 0 || wanted.includes("room")) await visitRoom(rig);
  for (const shot of await gallery(rig.server)) {
    await shot.arrange?.();
    if (wanted.length === 0 || wanted.includes(shot.name)) await visit(rig, shot);
  }
} finally {
  await rig.close();
}
