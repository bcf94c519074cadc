import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { Network } from "../client/network.ts";
import { call, dataOf } from "../e2e/http.ts";
import { join, school, startSession } from "../e2e/people.ts";
import { comesTrue, Rig } from "./rig.ts";

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

test("WB18 a screen that is opened without the network says so, what became of the data, and comes by itself once it is back", async () => {
  const physics = await school(rig.server, 2);
  const { page, complaints, context } = await rig.visit("/", { as: physics.teacher, cuts: true });
  await page.getByRole("link", { name: /class of/ }).waitFor();
  await comesTrue(
    page,
    'performance.getEntriesByType("resource").some(({ name }) => /class-[a-z0-9]+\\.js$/.test(name))',
  );
  network.down();
  await page.getByText("Offline").waitFor();
  await page.getByRole("link", { name: /class of/ }).click();
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  await page.getByText("Nothing was lost.").waitFor();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  network.up();
  await page.getByRole("heading", { name: "Students (2)" }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB18 a server that restarts is a grey dot, and no page of errors", async () => {
  const physics = await school(rig.server, 1);
  const { page, complaints, context } = await rig.visit("/", {
    as: physics.teacher,
    cuts: true,
    statuses: [502, 503],
  });
  await startSession(rig.server, physics.teacher, physics.classId);
  await page.getByText("Running now").waitFor();
  await rig.server.kill9();
  await page.getByText("Offline").waitFor();
  expect(await page.getByText("Running now").count()).toBe(1);
  expect(await page.getByRole("alert").count()).toBe(0);
  await rig.server.restart();
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.getByText("Running now").count()).toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB18 what is not there, and what is not one's own, each has a page that says what to do", async () => {
  const ada = await join(rig.server, "teacher");
  const physics = await school(rig.server, 1);
  const { page, complaints, context } = await rig.visit(`/classes/${"0".repeat(24)}`, {
    as: ada,
    statuses: [403, 404],
  });
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  await page.goto(`${rig.base}/classes/${physics.classId}`);
  await page.getByRole("heading", { name: "This is not yours to see" }).waitFor();
  await page.getByRole("button", { name: "Go to the start page" }).click();
  await page.getByText("No classes yet").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("WB18 a class that is archived on another device is gone from every screen that shows it", async () => {
  const physics = await school(rig.server, 1);
  const as = physics.teacher;
  const path = `/classes/${physics.classId}`;
  await startSession(rig.server, physics.teacher, physics.classId);
  const screens = await Promise.all(
    [path, `${path}/live`].map((one) => rig.visit(one, { as, statuses: [404] })),
  );
  await screens[0]?.page.getByRole("heading", { name: "Students (1)" }).waitFor();
  await screens[1]?.page.getByRole("list", { name: "Students" }).waitFor();
  dataOf(await call(rig.server, "DELETE", `/class/${physics.classId}`, { token: as.token }));
  for (const { page, complaints, context } of screens) {
    await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }
});
