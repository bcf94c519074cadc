import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { CALLS } from "../docs/browser.ts";
import { endSession, type School, school, startSession, student } from "../e2e/people.ts";
import { atDoor, goIn, hearsAndSees, inside, linksOf, until } from "./call-page.ts";
import { axeFaults, smallTargets, wideBy } from "./page-faults.ts";
import { Rig } from "./rig.ts";

setDefaultTimeout(90_000);
/** Not the browser's own machine by its name, and so no secure context without TLS. */
const PLAIN_HOST = "school.test";
let rig: Rig;
let physics: School;
beforeAll(async () => {
  rig = await Rig.open({}, [...CALLS, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`]);
  physics = await school(rig.server, 1);
});
afterAll(() => rig?.close());

test("VW9 /static/classroom.html asks for Email, Password and Class ID, and Join is the way into the room", async () => {
  const path = "/static/classroom.html";
  const { page, context, complaints } = await atDoor(rig, physics.teacher, physics.classId, {
    path,
    statuses: [400],
  });
  const { email, password } = student(physics, 0);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("not this one");
  await page.getByLabel("Class ID").fill(physics.classId);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("The email or the password is not right").waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  expect([...(await axeFaults(page)), ...(await smallTargets(page))]).toEqual([]);
  expect(await wideBy(page)).toBe(0);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("No session is running").waitFor();
  await startSession(rig.server, physics.teacher, physics.classId);
  await page.getByRole("button", { name: /^Go in/ }).click();
  await inside(page);
  const desk = await goIn(rig, physics.teacher, physics.classId);
  for (const one of [page, desk.page]) await hearsAndSees(one, 1);
  await endSession(rig.server, physics.teacher, physics.classId);
  for (const one of [page, desk.page]) await one.getByText("The session is over").waitFor();
  for (const one of [page, desk.page]) expect(await linksOf(one)).toEqual([]);
  expect([...complaints, ...desk.complaints]).toEqual([]);
  await context.close();
  await desk.context.close();
});

/** A page as others have written it: the plain dialect, JOIN_ROOM, and the three events of WebRTC. */
const PLAIN = `async (url, classId) => {
  const socket = new WebSocket(url);
  const opened = new Promise((resolve) => { socket.onopen = resolve; });
  const send = (event, data) => socket.send(JSON.stringify({ event, data }));
  const peers = new Map();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const peerOf = (id) => {
    if (peers.has(id)) return peers.get(id);
    const link = new RTCPeerConnection();
    for (const track of stream.getTracks()) link.addTrack(track, stream);
    link.onicecandidate = ({ candidate }) => candidate && send("WEBRTC_ICE_CANDIDATE", { targetId: id, candidate });
    peers.set(id, link);
    return link;
  };
  socket.onmessage = async ({ data: text }) => {
    const { event, data } = JSON.parse(text);
    const link = peerOf(data.fromId ?? data.userId ?? "");
    if (event === "PEER_JOINED") {
      await link.setLocalDescription(await link.createOffer());
      send("WEBRTC_OFFER", { targetId: data.userId, sdp: link.localDescription });
    } else if (event === "WEBRTC_OFFER") {
      await link.setRemoteDescription(data.sdp);
      await link.setLocalDescription(await link.createAnswer());
      send("WEBRTC_ANSWER", { targetId: data.fromId, sdp: link.localDescription });
    } else if (event === "WEBRTC_ANSWER") await link.setRemoteDescription(data.sdp);
    else if (event === "WEBRTC_ICE_CANDIDATE") await link.addIceCandidate(data.candidate);
  };
  await opened;
  send("JOIN_ROOM", { classId });
}`;

/** Keeps what plays sound in `players`. */
const KEEPS_PLAYERS = `
  globalThis.players = [];
  const given = Audio;
  globalThis.Audio = function () {
    const player = new given();
    players.push(player);
    return player;
  };`;

/** RO62: nothing of a muted page of the plain dialect is played. */
async function mutesAll(page: Page) {
  const areMuted = (muted: boolean) =>
    until(`players that are ${muted ? "" : "not "}muted`, async () =>
      (await page.evaluate(`players.length > 0 && players.every((one) => one.muted === ${muted})`))
        ? null
        : "others",
    );
  await areMuted(false);
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name: "Mute all students" }).click();
  await areMuted(true);
}

test.each([
  ["after ours", false],
  ["before ours", true],
])("VW10 a page of the plain dialect that comes %s and ours see and hear each other", async (_, isFirst) => {
  const { teacher, classId } = physics;
  await startSession(rig.server, teacher, classId);
  const plainPage = async () => {
    const seat = await atDoor(rig, student(physics, 0), classId, { path: "/static/index.html" });
    const { token } = student(physics, 0);
    await seat.page.evaluate(`(${PLAIN})("${rig.server.wsUrl}?token=${token}", "${classId}")`);
    return seat;
  };
  const first = isFirst ? await plainPage() : await goIn(rig, teacher, classId);
  if (!isFirst) await first.page.evaluate(KEEPS_PLAYERS);
  const second = isFirst ? await goIn(rig, teacher, classId) : await plainPage();
  const [plain, own] = isFirst ? [first, second] : [second, first];
  await hearsAndSees(own.page, 1);
  await hearsAndSees(plain.page, 1, { isSilent: true });
  // The picture of the other stands in a tile, and it moves.
  const tile = own.page.getByLabel(`Camera of ${student(physics, 0).name}`);
  await tile.waitFor();
  await until("a moving picture", async () =>
    Number(await tile.evaluate((video) => ("currentTime" in video ? video.currentTime : 0))) > 0
      ? null
      : "still",
  );
  if (!isFirst) await mutesAll(own.page);
  for (const { context, complaints } of [first, second]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

test("VW81 on a page of plain HTTP, where the browser gives no devices, one goes in and listens", async () => {
  const { teacher, classId } = physics;
  await startSession(rig.server, teacher, classId);
  const desk = await goIn(rig, teacher, classId);
  const secure = rig.base;
  rig.base = secure.replace(/\/\/[^:]+/, `//${PLAIN_HOST}`);
  try {
    const asha = student(physics, 0);
    const path = "/static/classroom.html";
    const seat = await atDoor(rig, asha, classId, { path, isSignedIn: false });
    expect(await seat.page.evaluate("[isSecureContext, typeof crypto.randomUUID].join()")).toBe(
      "false,undefined",
    );
    await seat.page.getByLabel("Email").fill(asha.email);
    await seat.page.getByLabel("Password").fill(asha.password);
    await seat.page.getByLabel("Class ID").fill(classId);
    await seat.page.getByRole("button", { name: "Join" }).click();
    await seat.page.getByText("The microphone needs a secure page").first().waitFor();
    await inside(seat.page);
    await hearsAndSees(seat.page, 1);
    await desk.page.getByText("2 here").waitFor();
    // What Chromium says of every page of plain HTTP that sends our headers.
    expect(seat.complaints.filter((one) => !one.includes("Cross-Origin-Opener-Policy"))).toEqual([]);
    for (const { context } of [desk, seat]) await context.close();
  } finally {
    rig.base = secure;
  }
});
