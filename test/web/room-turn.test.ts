import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { Network } from "../client/network.ts";
import { CALLS } from "../docs/browser.ts";
import { type School, school, startSession, student } from "../e2e/people.ts";
import { startTurn, type TestTurn } from "../services/coturn.ts";
import { credentialsOf } from "../video/turn-client.ts";
import { atDoor, goIn, hearsAndSees, inside, linksOf, until } from "./call-page.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(60_000);
let turn: TestTurn;
let rig: Rig;
let physics: School;
beforeAll(async () => {
  turn = await startTurn();
  rig = await Rig.open(turn.env, CALLS);
  physics = await school(rig.server, 1);
  await startSession(rig.server, physics.teacher, physics.classId);
});
afterAll(async () => {
  await rig?.close();
  await turn?.remove();
});

/** Nothing but a relay may carry the call, and what the relay refuses is kept. */
const FORCED = `
  globalThis.forced = { iceTransportPolicy: "relay" };
  globalThis.refusals = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config) {
      super(config);
      this.addEventListener("icecandidateerror", ({ errorCode }) => refusals.push(errorCode));
    }
  };`;

const people = () => [physics.teacher, student(physics, 0)];

test("VW20 a call that only a relay can carry goes through coturn by the credentials that the page is given", async () => {
  const seats = await Promise.all(
    people().map((person) => goIn(rig, person, physics.classId, { before: FORCED })),
  );
  for (const { page } of seats) await hearsAndSees(page, 1);
  for (const { page } of seats) expect((await linksOf(page)).map(({ local }) => local)).toEqual(["relay"]);
  for (const { context, complaints } of seats) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

/** The address by which the page's relay sends for it; another for each that it was given. */
const RELAYED = `(async () => {
  const [link] = links.filter(({ connectionState }) => connectionState === "connected");
  const report = [...(await link.getStats()).values()];
  const pair = report.find(({ type, nominated }) => type === "candidate-pair" && nominated);
  return String(report.find(({ id }) => id === pair.localCandidateId).port);
})()`;

test("VW60 somebody whose network goes away and who comes by another is back in the call, by a new way and with nothing asked", async () => {
  const [address] = /[^:]+:\d+$/.exec(turn.env.TURN_URLS) ?? [];
  const [home, relay] = await Promise.all(
    [rig.server.url, `http://${address}`].map((url) => new Network({ url }).open()),
  );
  if (!home || !relay) throw new Error("two networks");
  const [teacher, ada] = [physics.teacher, student(physics, 0)];
  const options = { before: FORCED, cuts: true };
  const desk = await goIn(rig, teacher, physics.classId, options);
  const seat = await atDoor(rig.by(home.url), ada, physics.classId, options);
  const { host } = new URL(relay.url);
  await seat.page.route("**/video/ice?*", async (route) => {
    const answer = await (await route.fetch()).text();
    await route.fulfill({
      contentType: "application/json",
      body: answer.replaceAll(turn.env.TURN_URLS, `turn:${host}?transport=tcp`),
    });
  });
  await seat.page.getByRole("button", { name: /^Go in/ }).click();
  await inside(seat.page);
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  const [asked, way] = await Promise.all(["asked", RELAYED].map((what) => seat.page.evaluate(what)));
  for (const network of [home, relay]) network.down();
  await seat.context.setOffline(true);
  await seat.page.getByText(/^Your connection is lost/).waitFor();
  await desk.page.getByText("1 here").waitFor();
  for (const network of [home, relay]) network.up();
  await seat.context.setOffline(false);
  for (const { page } of [desk, seat]) await hearsAndSees(page, 1);
  expect(await seat.page.evaluate(RELAYED)).not.toBe(way);
  expect(await seat.page.evaluate("asked")).toBe(asked);
  for (const { context } of [desk, seat]) await context.close();
  await Promise.all([home.close(), relay.close()]);
});

/** The page is given credentials that were right until ten seconds ago, signed as ours are. */
async function expire(page: Page): Promise<void> {
  await page.route("**/video/ice?*", async (route) => {
    const answer = await (await route.fetch()).text();
    const user = /"username":"\d+:([^"]+)"/.exec(answer)?.[1];
    const { username, credential } = credentialsOf(
      `${Math.floor(Date.now() / 1000) - 10}:${user}`,
      turn.env.TURN_SECRET,
    );
    const body = answer
      .replace(/"username":"[^"]+"/, `"username":"${username}"`)
      .replace(/"credential":"[^"]+"/, `"credential":"${credential}"`);
    await route.fulfill({ contentType: "application/json", body });
  });
}

/** How far each connection came, once it has asked for everything that it could. */
const GATHERED = `JSON.stringify(links.map(({ iceGatheringState, localDescription }) =>
  [iceGatheringState, localDescription?.sdp.includes("a=candidate") ?? false]))`;

test("VW20 and not by credentials that have expired: coturn refuses them, and no connection is made", async () => {
  const seats = await Promise.all(
    people().map((person) => atDoor(rig, person, physics.classId, { before: FORCED })),
  );
  for (const { page } of seats) {
    await expire(page);
    await page.getByRole("button", { name: /^Go in/ }).click();
    await inside(page);
  }
  for (const { page } of seats) {
    await until("refused", async () => {
      const refusals = String(await page.evaluate("JSON.stringify(refusals)"));
      return refusals.includes("401") ? null : refusals;
    });
    await until("nowhere to go", async () => {
      const gathered = String(await page.evaluate(GATHERED));
      return gathered.includes('["complete",false]') && !gathered.includes("true") ? null : gathered;
    });
  }
  for (const { page, context } of seats) {
    const links = await linksOf(page);
    expect(links.map(({ frames, packets, local }) => ({ frames, packets, local }))).toEqual(
      links.map(() => ({ frames: 0, packets: 0, local: "" })),
    );
    expect(links.some(({ state }) => state === "connected")).toBe(false);
    await context.close();
  }
});
