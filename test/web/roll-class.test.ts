import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { call, dataOf } from "../e2e/http.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { axeFaults, axeFaultsInThemes, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";
import { counts, desk, lessonOf, NAMES, says, tile, withToken } from "./roll-desk.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open({ PRESENCE_EVERY_MS: "30" });
});
afterAll(() => rig?.close());

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const [asha] = NAMES;

test("LV16 a teacher on two devices and 30 students: every screen shows the same", async () => {
  const names = Array.from({ length: 30 }, (_, count) => `Pupil ${String(count + 1).padStart(2, "0")}`);
  const lesson = await lessonOf(rig.server, names);
  const sockets = await Promise.all(
    lesson.students.slice(2).map(async (student) => {
      const { token } = await withToken(rig.server, student);
      return V1Socket.ready(rig.server, { token });
    }),
  );
  const [laptop, phone] = [await desk(rig, lesson), await desk(rig, lesson, PHONE)];
  const seats = await Promise.all(
    lesson.students.slice(0, 2).map((student) => rig.visit("/", { as: student, ...PHONE })),
  );
  const [one, two] = seats;
  if (!one || !two) throw new Error("two seats");
  for (const name of names) await says(laptop.page, name, /Not marked yet, connected$/);
  await tile(laptop.page, "Pupil 01").click();
  await one.page.getByText(/Present since \d\d:\d\d/).waitFor();
  await phone.page.getByRole("button", { name: /^Absent: Pupil 02/ }).tap();
  await two.page.getByText(/Absent since \d\d:\d\d/).waitFor();
  await phone.page
    .getByRole("button", { name: "Mark all present" })
    .and(phone.page.locator(":visible"))
    .tap();
  for (const { page } of [laptop, phone]) await counts(page, 30, 0, 0);
  await two.page.getByText(/Present since \d\d:\d\d/).waitFor();
  for (const socket of sockets) {
    const told = () => JSON.stringify(socket.frames);
    while (!told().includes("markedMany")) await socket.next("events");
  }
  await phone.page.getByRole("button", { name: "Undo" }).tap();
  for (const { page } of [laptop, phone]) await counts(page, 1, 1, 28);
  await one.context.close();
  await says(laptop.page, "Pupil 01", /Present since \d\d:\d\d$/);
  for (const socket of sockets) socket.close();
  expect([laptop, phone, one, two].flatMap(({ complaints }) => complaints)).toEqual([]);
  for (const { context } of [laptop, phone, two]) await context.close();
  // Sixty passwords are hashed on the way, which a machine with much else to do takes its time over.
}, 120_000);

const SIZES = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
] as const;

test("LV17 axe finds nothing on the live screen, its dialogs and its large view, in both themes", async () => {
  const lesson = await lessonOf(rig.server);
  const { token } = await withToken(rig.server, lesson.students[0]);
  const socket = await V1Socket.ready(rig.server, { token });
  const { page, complaints, context } = await desk(rig, lesson);
  await tile(page, asha).click();
  await tile(page, "Chi Okafor").click();
  await page.getByText(/^Chi Okafor: .* Saved\.$/).waitFor();
  const faults: string[] = [];
  const look = async (what: string) => {
    faults.push(...(await axeFaultsInThemes(page)).map((fault) => `${what}, ${fault}`));
  };
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await look(`the roll at ${size.width}`);
    await page.getByRole("button", { name: "End session" }).and(page.locator(":visible")).click();
    await page.getByRole("dialog").waitFor();
    await look(`the end at ${size.width}`);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Large view for the hall" }).click();
  for (const other of ["Light", "Dark"]) {
    await look(`the large view before ${other}`);
    await page.getByRole("dialog").getByRole("button", { name: other }).click();
  }
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await look("the keys");
  expect(faults).toEqual([]);
  expect(complaints).toEqual([]);
  socket.close();
  await context.close();
});

test("LV17 axe finds nothing before a session and after it", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await rig.visit(`/classes/${lesson.classId}/live`, {
    as: lesson.teacher,
  });
  await page.getByRole("button", { name: "Start session" }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Start session" }).click();
  await tile(page, asha).click();
  await says(page, asha, /Present since/);
  await page.getByRole("button", { name: "End session" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await page.getByText("1 was present").waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

const LONG = [
  "Wolfeschlegelsteinhausenbergerdorff-Donaudampfschifffahrtsgesellschaft Hubert",
  "محمد بن عبد الرحمن الأنصاري",
  "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 1 2 3 4 5 6 7 8 9",
  "O'Brien <b>bold</b> & Co",
];
/** A phone, and a laptop whose page is shown at 200 %. */
const NARROW = [
  { viewport: { width: 360, height: 740 } },
  { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
];

test("WB20 names however long push nothing out of sight, on a phone and at 200 %", async () => {
  const lesson = await lessonOf(rig.server, LONG);
  const className = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  const { token } = lesson.teacher;
  dataOf(await call(rig.server, "PATCH", `/class/${lesson.classId}`, { token, body: { className } }));
  for (const size of NARROW) {
    const { page, complaints, context } = await desk(rig, lesson, { ...size, reducedMotion: "reduce" });
    expect(await wideBy(page)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Large view for the hall" }).click();
    const large = "document.querySelector('dialog').scrollWidth <= innerWidth";
    expect(await page.evaluate(large)).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "End session" }).and(page.locator(":visible")).click();
    const end = page.getByRole("dialog").getByRole("button", { name: "End session" });
    const { x, y, width, height } = (await end.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(size.viewport.width);
    expect(y + height).toBeLessThanOrEqual(size.viewport.height);
    expect(complaints).toEqual([]);
    await context.close();
  }
});
