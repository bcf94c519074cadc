import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { z } from "zod";
import { PartsPage } from "./parts-page.ts";

setDefaultTimeout(60_000);
let parts: PartsPage;
beforeAll(async () => {
  parts = await PartsPage.open([
    "web/room/call/link.ts",
    "web/room/call/mesh.ts",
    "web/room/call/told.ts",
    "web/room/call/local-media.ts",
    "web/room/call/ice-servers.ts",
    "web/room/call/sfu.ts",
    "web/api/video.ts",
    "web/room/classroom.ts",
  ]);
});
afterAll(() => parts?.close());

/** Every connection that is made, and a wait for what comes true. */
const WATCHED = `
  const links = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config) { super(config); links.push(this); }
  };
  const until = async (what) => { while (!(await what())) await new Promise((go) => setTimeout(go, 20)); };
  const nothing = { microphone: null, camera: null, screen: null };`;

/** Two links that hear of each other by what is done with \`toOne\` and \`toTwo\`; the first gives way to nobody. */
const PAIR = `${WATCHED}
  const lanes = ["microphone", "camera", "screen"];
  const link = (more) => new Link({ ice: {}, lanes, name: "pair", changed() {}, ...more }, nothing);
  let toOne = (signal) => void one.take(signal);
  let toTwo = (signal) => void two.take(signal);
  const one = link({ isPolite: false, begins: true, send: (signal) => toTwo(signal) });
  const two = link({ isPolite: true, begins: false, send: (signal) => toOne(signal) });
  await until(() => one.state === "live" && two.state === "live");`;

test("VW85 an offer right behind an answer is taken by either side", async () => {
  const offered = await parts.run(`${PAIR}
    // What the second says is held back until its offer stands behind its answer.
    const held = [];
    toOne = (signal) => held.push(signal);
    one.restart();
    await until(() => held.some(({ description }) => description?.type === "answer"));
    two.restart();
    await until(() => held.some(({ description }) => description?.type === "offer"));
    toOne = (signal) => void one.take(signal);
    for (const signal of held.splice(0)) toOne(signal);
    const patience = performance.now() + 5000;
    await until(() => links[1].signalingState === "stable" || performance.now() > patience);
    return links.map(({ signalingState }) => signalingState);`);
  expect(offered).toEqual(["stable", "stable"]);
});

/** A mesh as the peer \`m\`, with what it sends. */
const MESH = `${WATCHED}
  const sent = [];
  const ice = new Told([]);
  const mesh = new Mesh({ self: "m", ice, send: (to, signal) => sent.push([to, signal]) });
  const peer = (id, since = 1) => ({ id, since, isPlain: false, isMuted: false });`;

test("VW86 a peer that has its connection made anew all the time is not followed", async () => {
  const made = await parts.run(`${MESH}
    mesh.setPeers([peer("z")], true);
    const source = new RTCPeerConnection();
    source.addTransceiver("audio");
    const { sdp } = await source.createOffer();
    links.splice(0);
    for (let at = 0; at < 100; at += 1)
      mesh.take("z", { description: { type: "offer", sdp }, link: "link " + at });
    return links.length;`);
  expect(made).toBe(5);
});

/** That mesh with a live connection to each of these peers, which sends the track to all. */
const talking = (ids: readonly string[]) => `${MESH}
  const far = new Map();
  const context = new AudioContext();
  const [track] = context.createMediaStreamDestination().stream.getTracks();
  const deliver = (to, signal) => far.get(to).then((one) => one.take(signal));
  for (const id of ${JSON.stringify(ids)}) far.set(id, Promise.resolve(new Link({
    ice: {}, lanes: ["microphone", "camera", "screen"], name: id, isPolite: true, begins: true, changed() {},
    send: (signal) => mesh.take(id, signal),
  }, nothing)));
  const push = sent.push.bind(sent);
  sent.push = ([to, signal]) => (deliver(to, signal), push([to, signal]));
  mesh.sends({ ...nothing, microphone: track });
  mesh.setPeers([...far.keys()].map((id) => peer(id)), true);
  await until(() => [...far.keys()].every((id) => mesh.remotes.get().get(id)?.state === "live"));
  const own = links.slice(${ids.length});
  // What has been asked of a connection is done before it makes an offer.
  const sending = async () => {
    for (const link of own) await link.createOffer();
    return own.map((link) => link.getSenders().some((sender) => sender.track === track));
  };`;

test("VW87 a page back from a cut sends nothing to who left the room meanwhile, where somebody else was there all the time", async () => {
  const found = await parts.run(`${talking(["a", "b"])}
    const before = await sending();
    mesh.setPeers([peer("a")], true);
    return { before, after: await sending(), shown: [...mesh.remotes.get().keys()] };`);
  expect(found).toEqual({ before: [true, true], after: [true, false], shown: ["a"] });
});

test("VW87 and after a restart of the server goes on with those who are not back yet", async () => {
  const found = await parts.run(`${talking(["a", "b"])}
    mesh.setPeers([peer("a", 2)], true);
    return { after: await sending(), shown: [...mesh.remotes.get().keys()] };`);
  expect(found).toEqual({ after: [true, true], shown: ["a", "b"] });
});

test("VW88 connections that there are look for ways by the newest servers", async () => {
  const urls = await parts.run(`${talking(["a"])}
    ice.set([{ urls: ["stun:127.0.0.1:9"] }]);
    return own.map((link) => link.getConfiguration().iceServers.map((one) => one.urls));`);
  expect(urls).toEqual([[["stun:127.0.0.1:9"]]]);
});

test("VW88 of a server from before, which does not tell how long they last, they are taken, and asked for again soon", async () => {
  const [servers, wait] = z.tuple([z.unknown(), z.number()]).parse(
    await parts.run(`
      const iceServers = [{ urls: ["turn:school.test"], username: "u", credential: "c" }];
      globalThis.fetch = async () => Response.json({ success: true, data: { iceServers } });
      let wait;
      const servers = new IceServers(() => iceOf("c"), { now: () => 0, after: (ms) => ((wait = ms), () => undefined) });
      await servers.begin();
      return [servers.told.get(), wait];`),
  );
  expect(servers).toEqual([{ urls: ["turn:school.test"], username: "u", credential: "c" }]);
  expect(wait).toBeWithin(60_000, 600_000);
});

/** Own devices; the browser's question stays open until \`answer\` is called. */
const DEVICES = `
  const asked = [];
  let refuse;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const opened = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    asked.push(Object.keys(wanted).filter((kind) => wanted[kind]).join());
    if (asked.length === 1) await new Promise((_, reject) => { refuse = () => reject(new DOMException("", "NotFoundError")); });
    const stream = await ask(wanted);
    opened.push(...stream.getTracks());
    return stream;
  };
  const local = new LocalMedia();
  const begun = local.begin();
  while (!refuse) await new Promise((go) => setTimeout(go, 10));
  const live = () => opened.filter(({ readyState }) => readyState === "live").length;`;

test("VW89 what is closed or turned off while the browser asks stays off, also where its answer is no", async () => {
  const closed = await parts.run(
    `${DEVICES} local.close(); refuse(); await begun; return [asked.length, live()];`,
  );
  expect(closed).toEqual([1, 0]);
  const off = await parts.run(`${DEVICES}
    await local.turn("camera", false);
    refuse();
    await begun;
    const { lanes } = local.told.get();
    return [lanes.camera.state, lanes.microphone.state, live()];`);
  expect(off).toEqual(["off", "on", 1]);
});

/** A classroom whose client notes what it is told, and whose servers come when \`answer\` is called. */
const CLASSROOM = `
  const told = [];
  const heard = [];
  const emit = (name, what) => { for (const [its, hear] of heard) if (its === name) hear(what); };
  let answer;
  const client = {
    status: { state: "ready" }, user: { id: "ada" }, watchClosely: () => () => undefined,
    on: (name, hear) => (heard.push([name, hear]), () => undefined),
    tell: (frame) => (told.push(frame.type), true),
    timers: { now: () => 0, after: () => () => undefined },
  };
  const classroom = new Classroom({
    client, classId: "c", me: { id: "ada", name: "Ada", role: "student" }, pass: () => Promise.reject(new Error("none")),
    ice: () => new Promise((resolve) => { answer = () => resolve({ servers: [], lifetimeMs: 1000 }); }),
  });
  const gone = classroom.enter();`;

test("VW90 who closes the room while it is being entered does not come in", async () => {
  const told = await parts.run(`${CLASSROOM} classroom.close(); answer(); await gone; return told;`);
  expect(told).toEqual([]);
  const left = await parts.run(`${CLASSROOM} classroom.leave(); answer(); await gone; return told;`);
  expect(left).toEqual([]);
  const stayed = await parts.run(`${CLASSROOM} answer(); await gone; return told;`);
  expect(stayed).toEqual(["enter"]);
});

/** The same, in the room, with what its screen says was refused. */
const INSIDE = `${CLASSROOM}
  answer();
  await gone;
  const about = { class: "c", session: "s" };
  const room = { type: "room", ...about, peer: "m", media: { kind: "mesh", max: 6 }, locked: false, removed: [], keepsChat: false, peers: [] };
  emit("frame", room);
  const said = [];
  const refuse = (code, of) => {
    emit("frame", { type: "error", ...about, code, of, message: code });
    said.push(classroom.view.get().refused);
    classroom.answer(false);
  };`;

test("VW84 what the server refuses of the teacher's wishes is told, and a signal that came too late is not", async () => {
  const said = await parts.run(`${INSIDE}
    refuse("peer-not-connected", "remove");
    refuse("peer-not-connected", "signal");
    refuse("teacher-only", "lock");
    return [...said, classroom.view.get().phase.at];`);
  expect(said).toEqual(["peer-not-connected", null, "teacher-only", "in"]);
});

test("VW82 a way back that is tried again is no refusal, and a room that is shut meanwhile is left", async () => {
  const said = await parts.run(`${INSIDE}
    emit("status", { state: "waiting" });
    emit("status", { state: "ready" });
    refuse("could-not-save", "enter");
    said.push(classroom.view.get().phase.at);
    refuse("room-ended", "enter");
    return [...said, classroom.view.get().phase];`);
  expect(said).toEqual([null, "in", null, { at: "refused", code: "room-ended", max: null }]);
});

/** Calls by a LiveKit that notes which of its servers were dialled, and what gives each its pass. */
const SFU = `${WATCHED}
  const dialled = [];
  const Room = class {
    once() {}
    connect(url) { dialled.push(url); return new Promise(() => undefined); }
    disconnect() {}
  };
  globalThis.livekit = { Room, RoomEvent: {}, setLogLevel() {} };
  const passes = [];
  const sfu = () => new Sfu({ pass: () => new Promise((resolve) => passes.push(resolve)), ice: () => [], muted() {} });`;

test("VW112 who has left while the pass for LiveKit was asked for does not connect to it", async () => {
  const dialled = await parts.run(`${SFU}
    const [left, stays] = [sfu(), sfu()];
    await until(() => passes.length === 2);
    left.close();
    for (const [at, url] of ["left", "stays"].entries()) passes[at]({ url, token: "t" });
    await until(() => dialled.includes("stays"));
    return dialled;`);
  expect(dialled).toEqual(["stays"]);
});

test("VW113 a camera is asked for 1280 × 720 at 24 a second, a microphone for speech without echo and noise", async () => {
  const wanted = await parts.run(`
    let wanted;
    navigator.mediaDevices.getUserMedia = async (of) => {
      wanted = of;
      return new MediaStream();
    };
    await new LocalMedia().begin();
    return wanted;`);
  expect(wanted).toEqual({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } },
  });
});
