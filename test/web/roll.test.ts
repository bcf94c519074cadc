import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { sessionAnswer } from "../../protocol/http.ts";
import { eventsOf } from "../client/network.ts";
import { dataOf, get } from "../e2e/http.ts";
import { recordOf } from "../e2e/people.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { Rig } from "./rig.ts";
import { counts, desk, lessonOf, NAMES, says, tile, withToken } from "./roll-desk.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open({ PRESENCE_EVERY_MS: "30" });
});
afterAll(() => rig?.close());

const [asha, ben, chi] = NAMES;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test("LV1 a session is started here; a tap marks present, the next absent, and the tile tells since when", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await rig.visit(`/classes/${lesson.classId}/live`, {
    as: lesson.teacher,
  });
  await page.getByText("6 students are on the roll").waitFor();
  await page.getByRole("button", { name: "Start session" }).click();
  await counts(page, 0, 0, 6);
  await says(page, asha, /Not marked yet$/);
  await tile(page, asha).click();
  await says(page, asha, /Present since \d\d:\d\d$/);
  await counts(page, 1, 0, 5);
  await tile(page, asha).click();
  await says(page, asha, /Absent since \d\d:\d\d$/);
  await tile(page, asha).click();
  await says(page, asha, /Present since/);
  await counts(page, 1, 0, 5);
  expect(await page.getByRole("timer").textContent()).toMatch(/^\d+:\d\d$/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV2 a student's tile tells whether they are connected or in the room", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson);
  const { token } = await withToken(rig.server, lesson.students[1]);
  const socket = await V1Socket.ready(rig.server, { token });
  await says(page, ben, /Not marked yet, connected$/);
  socket.close();
  await says(page, ben, /Not marked yet$/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV3 by keyboard alone: arrows move, P and A mark, U undoes, / and a name jump, ? shows the keys", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson);
  const { keyboard } = page;
  const focused = () => page.evaluate("document.activeElement?.textContent ?? ''");
  await keyboard.press("ArrowDown");
  expect(await focused()).toStartWith(asha);
  await keyboard.press("p");
  await says(page, asha, /Present since/);
  await keyboard.press("ArrowRight");
  await keyboard.press("a");
  await says(page, ben, /Absent since/);
  expect(await focused()).toStartWith(ben);
  await keyboard.press("u");
  await says(page, ben, /Not marked yet$/);
  await keyboard.press("End");
  expect(await focused()).toStartWith("Farid");
  await keyboard.press("Home");
  expect(await focused()).toStartWith(asha);
  await keyboard.press("/");
  await keyboard.type("yilm");
  await page.getByRole("button", { name: /^Elif/ }).waitFor();
  expect(await tile(page, asha).count()).toBe(0);
  await keyboard.press("Enter");
  expect(await focused()).toStartWith("Elif");
  await keyboard.press("p");
  await says(page, "Elif Yılmaz", /Present since/);
  await keyboard.press("/");
  await keyboard.press("Escape");
  await tile(page, asha).waitFor();
  await keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await keyboard.press("p");
  await keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
  await counts(page, 2, 0, 4);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV4 all and the rest are marked at once, and what was done last can be undone, each in its turn", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson);
  await tile(page, chi).click();
  await says(page, chi, /Present since/);
  await page.getByRole("button", { name: "Mark the rest absent" }).first().click();
  await counts(page, 1, 5, 0);
  await page.getByText("The rest marked absent. Saved.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await counts(page, 1, 0, 5);
  await page.getByRole("button", { name: "Mark all present" }).first().click();
  await counts(page, 6, 0, 0);
  await page.keyboard.press("u");
  await counts(page, 1, 0, 5);
  for (const name of [asha, ben]) await tile(page, name).click();
  await counts(page, 3, 0, 3);
  await page.keyboard.press("u");
  await counts(page, 2, 0, 4);
  await page.keyboard.press("u");
  await counts(page, 1, 0, 5);
  // Nothing of before is left to be undone: it was replaced by what was undone since.
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  expect(events.map(({ type }) => `${type}`)).toEqual(
    "started marked markedMany undone markedMany undone marked marked undone undone".split(" "),
  );
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV5 the filter shows those who fit, and whoever is marked stays while somebody marks", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson);
  const show = (filter: string) => page.getByRole("radio", { name: filter, exact: true }).check();
  await show("Unmarked");
  await tile(page, asha).click();
  await says(page, asha, /Present since/);
  // It stays under the finger, and goes once nobody marks any more.
  await tile(page, asha).waitFor({ state: "detached" });
  expect(await tile(page, ben).count()).toBe(1);
  await show("Present");
  await tile(page, asha).waitFor();
  expect(await tile(page, ben).count()).toBe(0);
  await show("Absent");
  await page.getByRole("heading", { name: "Nobody to show" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV6 of two devices in conflict the later mark counts, the earlier device tells it, and both are in the history", async () => {
  const lesson = await lessonOf(rig.server);
  const [laptop, phone] = [await desk(rig, lesson), await desk(rig, lesson, PHONE)];
  await laptop.page.getByText("1 other device of yours").waitFor();
  await tile(laptop.page, ben).click();
  await says(laptop.page, ben, /Present since/);
  await phone.page.getByRole("button", { name: /^Absent: Ben Maier, now Present/ }).tap();
  await says(laptop.page, ben, /Absent since \d\d:\d\d, changed on another device$/);
  await counts(laptop.page, 0, 1, 5);
  await phone.page.getByText(/^Absent since/).waitFor();
  expect(await phone.page.getByText("changed on another device").count()).toBe(0);
  const answer = await get(rig.server, `/sessions/${laptop.session}`, lesson.teacher.token);
  const { students } = sessionAnswer.parse(dataOf(answer));
  expect(students.find(({ name }) => name === ben)?.history).toMatchObject([
    { status: "present", by: { _id: lesson.teacher.id } },
    { status: "absent", by: { _id: lesson.teacher.id } },
  ]);
  // Marked anew here, it is this device's again.
  await tile(laptop.page, ben).click();
  await says(laptop.page, ben, /Present since \d\d:\d\d$/);
  await phone.context.close();
  await laptop.page.getByText("1 other device of yours").waitFor({ state: "detached" });
  expect([laptop.complaints, phone.complaints]).toEqual([[], []]);
  await laptop.context.close();
});

test("LV7 the end names who becomes absent, asks once, and then shows what became of it", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson);
  await tile(page, asha).click();
  await counts(page, 1, 0, 5);
  await page.getByRole("button", { name: "End session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("5 students have no mark and become absent:").waitFor();
  expect(await dialog.getByRole("listitem").allInnerTexts()).toEqual(NAMES.slice(1).map(String));
  await dialog.getByRole("button", { name: "Go on marking" }).click();
  await page.getByRole("button", { name: "End session" }).first().click();
  await dialog.getByRole("button", { name: "End session" }).click();
  await page.getByText("1 was present").waitFor();
  await page.getByText("5 were absent").waitFor();
  const first = await withToken(rig.server, lesson.students[0]);
  expect(await recordOf(rig.server, first, lesson.classId)).toBe("present");
  expect(await page.getByRole("link", { name: "See the list" }).getAttribute("href")).toMatch(
    /\/sessions\/\w+$/,
  );
  await page.getByRole("button", { name: "Start session" }).click();
  await counts(page, 0, 0, 6);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV8 on a phone there are rows of 56 pixels with two large targets, and the actions at the thumb", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson, PHONE);
  const row = page.getByRole("listitem").filter({ hasText: asha });
  expect(Math.round((await row.boundingBox())?.height ?? 0)).toBe(57);
  for (const status of ["Present", "Absent"]) {
    const box = await page
      .getByRole("button", { name: `${status}: ${asha}, now Not marked yet` })
      .boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
  await page.getByRole("button", { name: `Absent: ${asha}` }).tap();
  await counts(page, 0, 1, 5);
  const rest = page.getByRole("button", { name: "Mark the rest absent" }).and(page.locator(":visible"));
  const box = await rest.boundingBox();
  expect(box?.y).toBeGreaterThan(600);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV9 the large view has the counts and names alone, dark first, and follows the marks", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, { colorScheme: "light" });
  await page.getByRole("button", { name: "Large view for the hall" }).click();
  const large = page.getByRole("dialog");
  const ground = () => page.evaluate("getComputedStyle(document.querySelector('dialog')).backgroundColor");
  expect(await ground()).toBe("rgb(19, 22, 26)");
  await large.getByRole("button", { name: "Light" }).click();
  expect(await ground()).toBe("rgb(255, 255, 255)");
  expect(await large.getByRole("listitem").allInnerTexts()).toEqual(
    expect.arrayContaining(["0 present", ...NAMES].map(String)),
  );
  const other = await V1Socket.ready(rig.server, { token: lesson.teacher.token });
  other.send({ type: "markMany", id: "all", session, whom: "all", status: "present" });
  await large.getByText("6 present").waitFor();
  await page.keyboard.press("Escape");
  await large.waitFor({ state: "detached" });
  other.close();
  expect(complaints).toEqual([]);
  await context.close();
});
