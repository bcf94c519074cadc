import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { eventsOf, Network } from "../client/network.ts";
import { withdraw } from "../e2e/class-verbs.ts";
import { endSession, startSession } from "../e2e/people.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { Rig, signIn } from "./rig.ts";
import { counts, desk, lessonOf, NAMES, says, tile } from "./roll-desk.ts";

setDefaultTimeout(60_000);
let rig: Rig;
let network: Network;
beforeAll(async () => {
  rig = await Rig.open();
  network = await new Network(rig.server).open();
  rig.base = network.url;
});
afterAll(async () => {
  await network?.close();
  await rig?.close();
});

const CUTS = { cuts: true, shell: true, statuses: [503] };
const [asha, ben, chi] = NAMES;

test("LV10 while the network is away marks go on and look unsaved; on return each is sent once and saved", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, CUTS);
  await tile(page, asha).click();
  await counts(page, 1, 0, 5);
  network.down();
  for (const name of NAMES.slice(1)) await tile(page, name).click();
  await tile(page, chi).click();
  await says(page, ben, /Present, sending…/);
  await says(page, chi, /Absent, sending…/);
  await page.getByText("Offline, 6 marks waiting").waitFor();
  // Numbers change only when the server has said so.
  await counts(page, 1, 0, 5);
  network.up();
  await counts(page, 5, 1, 0);
  await says(page, chi, /Absent since \d\d:\d\d$/);
  await page.getByText("Live", { exact: true }).waitFor();
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  expect(events.filter(({ type }) => type === "marked")).toHaveLength(7);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV11 marks that wait outlive a reload, and a page that is closed, and are done once", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, CUTS);
  network.down();
  for (const name of [asha, ben]) await tile(page, name).click();
  await page.getByText("Offline, 2 marks waiting").waitFor();
  await page.close();
  network.up();
  const later = await context.newPage();
  await later.goto(`${network.url}/classes/${lesson.classId}/live`);
  await counts(later, 2, 0, 4);
  await says(later, asha, /Present since/);
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  expect(events.map(({ type }) => type)).toEqual(["started", "marked", "marked"]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV11 what one tab left unsent before it was closed is sent by another, once", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, CUTS);
  const other = await context.newPage();
  await other.goto(`${network.url}/classes/${lesson.classId}/live`);
  await tile(other, ben).waitFor();
  network.down();
  await tile(page, asha).click();
  await tile(other, ben).click();
  for (const one of [page, other]) await one.getByText("Offline, 1 mark waiting").waitFor();
  await page.close();
  network.up();
  await counts(other, 2, 0, 4);
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  expect(events.map(({ type }) => type)).toEqual(["started", "marked", "marked"]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV12 what is refused on return is told with its reason and never looks saved", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context } = await desk(rig, lesson, CUTS);
  network.down();
  for (const name of [asha, ben]) await tile(page, name).click();
  await page.getByText("Offline, 2 marks waiting").waitFor();
  const gone = lesson.students[0];
  if (!gone) throw new Error("a student");
  await withdraw(rig.server, lesson.classId, gone.id, lesson.teacher);
  network.up();
  const alert = page.getByRole("alert");
  await alert.getByText("not on the roll any more").waitFor();
  await alert.getByText(asha).waitFor();
  await counts(page, 1, 0, 4);
  await says(page, ben, /Present since/);
  await alert.getByRole("button", { name: "Put aside" }).click();
  await alert.waitFor({ state: "detached" });
  // The session ends while this device is away: what was marked meanwhile is refused for that.
  network.down();
  await tile(page, chi).click();
  await page.getByText("Offline, 1 mark waiting").waitFor();
  await endSession(rig.server, lesson.teacher, lesson.classId);
  network.up();
  await page.getByText("the session had ended").waitFor();
  await page.getByText("4 were absent").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV13 a server that is killed under a roll call is a grey dot and no page of errors; nothing is lost or doubled", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, CUTS);
  await tile(page, asha).click();
  await counts(page, 1, 0, 5);
  for (const name of [ben, chi]) await tile(page, name).click();
  await rig.server.kill9();
  for (const name of NAMES.slice(3)) await tile(page, name).click();
  expect(await page.getByRole("list", { name: "Students" }).isVisible()).toBe(true);
  await rig.server.start();
  await counts(page, 6, 0, 0);
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  const marked = events.flatMap((event) => (event.type === "marked" ? `${event.student}` : []));
  expect(marked.toSorted()).toEqual(lesson.students.map(({ id }) => id).toSorted());
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB12 who was signed out with marks waiting signs in again, and they are sent", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, { ...CUTS, statuses: [401, 503] });
  network.down();
  for (const name of [asha, ben]) await tile(page, name).click();
  await page.getByText("Offline, 2 marks waiting").waitFor();
  await context.clearCookies();
  network.up();
  await page.getByText("You were signed out.").waitFor();
  await signIn(page, lesson.teacher);
  await counts(page, 2, 0, 4);
  const events = await eventsOf(rig.server, lesson.teacher.token, session);
  expect(events.map(({ type }) => type)).toEqual(["started", "marked", "marked"]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("LV6 of a device that was away the later mark counts too, and the earlier device tells it", async () => {
  const lesson = await lessonOf(rig.server);
  const { page, complaints, context, session } = await desk(rig, lesson, CUTS);
  const other = await V1Socket.ready(rig.server, { token: lesson.teacher.token });
  await tile(page, asha).click();
  await says(page, asha, /Present since/);
  network.down();
  await page.getByText("Offline", { exact: true }).first().waitFor();
  const { sessionId } = await startSession(rig.server, lesson.teacher, lesson.classId);
  expect(sessionId).toBe(session);
  other.send({ type: "mark", id: "x", session, student: lesson.students[0]?.id, status: "absent" });
  await other.answer("x");
  await tile(page, ben).click();
  network.up();
  await says(page, asha, /Absent since \d\d:\d\d, changed on another device$/);
  await says(page, ben, /Present since \d\d:\d\d$/);
  other.close();
  expect(complaints).toEqual([]);
  await context.close();
});
