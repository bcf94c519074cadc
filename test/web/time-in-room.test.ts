import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { call } from "../e2e/http.ts";
import { recordOf } from "../e2e/people.ts";
import { connect } from "../e2e/plain-client.ts";
import { enterRoom, presenceOf, until } from "../e2e/time-in-room.ts";
import { axeFaults, axeFaultsInThemes } from "./page-faults.ts";
import { Rig } from "./rig.ts";
import { desk, lessonOf, NAMES, withToken } from "./roll-desk.ts";

setDefaultTimeout(60_000);
let rig: Rig;
beforeAll(async () => {
  rig = await Rig.open();
});
afterAll(() => rig?.close());

const [asha, ben, chi] = NAMES;

test("PR15 a teacher settles a rule, sees minutes and proposals at the end, changes one, and the rest become her marks", async () => {
  const lesson = await lessonOf(rig.server, [asha, ben, chi]);
  const { teacher, classId } = lesson;
  const settling = await rig.visit(`/classes/${classId}`, { as: teacher });
  await settling.page.getByRole("button", { name: "Room settings" }).click();
  await settling.page.getByLabel("Time in the video room means").selectOption("share");
  await settling.page.getByLabel("Percent of the session").fill("10");
  expect(await axeFaults(settling.page)).toEqual([]);
  await settling.page.setViewportSize({ width: 360, height: 740 });
  expect(await settling.page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  await settling.page.getByRole("button", { name: "Save", exact: true }).click();
  await settling.page.getByLabel("Percent of the session").waitFor({ state: "detached" });

  const { page, complaints, context, session } = await desk(rig, lesson);
  const [first, second, third] = await Promise.all(lesson.students.map((one) => withToken(rig.server, one)));
  if (!first || !second || !third) throw new Error("three students");
  const seat = await connect(rig.server, first);
  await enterRoom(seat, classId);
  await until(
    "enough of it in the room",
    () => presenceOf(rig.server, teacher, session),
    ({ students, sessionMs }) => students.some(({ inRoomMs }) => inRoomMs > 0.2 * sessionMs),
  );
  await page.getByRole("button", { name: "End session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Present from 10% of the session on.").waitFor();
  const mark = (name: string) => dialog.getByLabel(`Mark of ${name}`);
  expect(await mark(asha).inputValue()).toBe("present");
  expect(await mark(chi).inputValue()).toBe("absent");
  await mark(ben).selectOption("present");
  expect(await axeFaultsInThemes(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Mark so and end" }).click();
  await page.getByText("2 were present").waitFor();
  const records = [first, second, third].map((one) => recordOf(rig.server, one, classId));
  expect(await Promise.all(records)).toEqual(["present", "present", "absent"]);

  await settling.page.goto(`${rig.base}/classes/${classId}/sessions/${session}`);
  await settling.page
    .getByText(new RegExp(`Present since .* marked by ${teacher.name}`))
    .first()
    .waitFor();
  await settling.page.getByText(/in the room$/).click();
  await settling.page.getByText(/^\d\d:\d\d – \d\d:\d\d$/).waitFor();
  expect(await axeFaultsInThemes(settling.page)).toEqual([]);
  expect([...complaints, ...settling.complaints]).toEqual([]);
  await seat.close();
  for (const one of [context, settling.context]) await one.close();
});

test("PR9 where the rule sets marks the teacher is shown which, and the student told by what; PR16 and for how long", async () => {
  const lesson = await lessonOf(rig.server, [asha]);
  const { teacher, classId } = lesson;
  const presence = { kind: "share", percent: 10, apply: "set" };
  await call(rig.server, "PATCH", `/class/${classId}`, { token: teacher.token, body: { presence } });
  const { context, page, session } = await desk(rig, lesson);
  const pupil = await withToken(rig.server, lesson.students[0]);
  const seat = await connect(rig.server, pupil);
  await enterRoom(seat, classId);
  const own = await rig.visit("/", { as: pupil });
  await own.page.getByText("Your teacher has not marked you yet").waitFor();
  await until(
    "enough of it in the room",
    () => presenceOf(rig.server, teacher, session),
    ({ students, sessionMs }) => students.some(({ inRoomMs }) => inRoomMs > 0.2 * sessionMs),
  );
  await page.getByRole("button", { name: "End session" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Present, by the rule").waitFor();
  await dialog.getByRole("button", { name: "End session" }).click();
  await page.getByText("1 was present").waitFor();
  await own.page.getByText(/Present since \d\d:\d\d, by the class’s rule/).waitFor();
  await own.page.getByRole("link", { name: /My record/ }).click();
  await own.page.getByText(/by the class’s rule .* less than a minute in the room/).waitFor();
  await seat.close();
  for (const one of [context, own.context]) await one.close();
});
