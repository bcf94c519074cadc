import { afterEach, expect, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import type { BusState } from "../../src/ports/bus.ts";
import { until } from "../client/network.ts";
import { post } from "../e2e/http.ts";
import { enrol, join, school, startSession, student } from "../e2e/people.ts";
import { connect, marked } from "../e2e/plain-client.ts";
import { V1Watcher } from "../e2e/v1-watcher.ts";
import { type TestNode, TestNodes } from "./nodes.ts";

let nodes: TestNodes | undefined;
afterEach(() => nodes?.end());

/** Two servers of which the second's news can be stopped; the first hears by itself that something was not told. */
async function withCutOff() {
  // Nobody looks by the clock: whatever is seen is seen because a node shows that its news does not go out.
  const env = { POLL_EVERY_MS: "60000" };
  const bus = createMemoryBus();
  nodes = await TestNodes.start({ count: 1, env, openBus: bus });
  const link: { state: BusState; unsaid: number; changed: (state: BusState) => void } = {
    ...{ state: "ok", unsaid: 0 },
    changed: () => undefined,
  };
  const cutOff = await nodes.add(nodes.store, (listener) => {
    const inner = bus(listener);
    link.changed = listener.changed;
    return {
      publish(channel, message) {
        if (link.state === "ok") inner.publish(channel, message);
        else link.unsaid++;
      },
      follow: inner.follow,
      leave: inner.leave,
      get state() {
        return link.state;
      },
      get unsaid() {
        return link.unsaid;
      },
      close: inner.close,
    };
  });
  const well = nodes.node(0);
  await until("servers that know of each other", () => well.others() === 1);
  return {
    well,
    cutOff,
    /** Its news stops; it notices later. */
    cut: () => {
      link.state = "down";
    },
    become(state: BusState) {
      link.state = state;
      link.changed(state);
    },
  };
}

const signOutEverywhere = (node: TestNode, token: string) =>
  post(node, "/auth/sign-out-everywhere", {}, token);

test("CL32 what a node cut off from Redis writes is on the screens of the others as soon as they see that it is", async () => {
  const { well, cutOff, cut, become } = await withCutOff();
  const built = await school(well, 1);
  const seat = await connect(well, student(built, 0));
  await startSession(well, built.teacher, built.classId);
  const desk = await connect(cutOff, built.teacher);
  cut();
  desk.send("ATTENDANCE_MARKED", { studentId: student(built, 0).id, status: "present" });
  await desk.next();
  expect(await seat.heard()).toEqual([]);
  become("down");
  expect(await seat.next()).toEqual(marked(student(built, 0).id, "present"));
});

test("CL33 what a node could not tell of members and endings is looked up once its news goes out again", async () => {
  const { well, cutOff, cut, become } = await withCutOff();
  const built = await school(well, 0);
  const newcomer = await join(well, "student");
  const seat = await V1Watcher.open(well, newcomer);
  const desk = await connect(well, built.teacher);
  cut();
  await enrol(cutOff, built.teacher, built.classId, newcomer);
  become("ok");
  await seat.until("the class", (frame) => frame.type === "member" && frame.joined);
  cut();
  await signOutEverywhere(cutOff, built.teacher.token);
  become("ok");
  expect(await desk.closed()).toBe(4401);
});

test("CL33 and once it is gone, in whatever it was interrupted", async () => {
  const { well, cutOff, cut } = await withCutOff();
  const { teacher } = await school(well, 0);
  const desk = await connect(well, teacher);
  cut();
  await signOutEverywhere(cutOff, teacher.token);
  await cutOff.stop();
  expect(await desk.closed()).toBe(4401);
});
