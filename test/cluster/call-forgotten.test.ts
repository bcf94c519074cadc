import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { createMemoryBus } from "../../src/bus/memory.ts";
import type { OpenBus } from "../../src/ports/bus.ts";
import { until } from "../client/network.ts";
import { post } from "../e2e/http.ts";
import { endSession } from "../e2e/people.ts";
import { met } from "../e2e/room-seat.ts";
import { noteCalls } from "./calls.ts";
import { TestNodes } from "./nodes.ts";

setDefaultTimeout(60_000);
let nodes: TestNodes | undefined;
afterEach(() => nodes?.end());

/** A bus that writes down which channels are heard no more. */
function noteLeft(open: OpenBus) {
  const left: string[] = [];
  const openBus: OpenBus = (listener) => {
    const bus = open(listener);
    return {
      publish: bus.publish,
      follow: bus.follow,
      state: "ok",
      unsaid: 0,
      close: bus.close,
      leave(channel) {
        left.push(channel);
        bus.leave(channel);
      },
    };
  };
  return { openBus, left };
}

test("RO60 a node that lets go of a class leaves its call alone; the session's end ends it", async () => {
  const { openBus, left } = noteLeft(createMemoryBus());
  const { calls, orders } = noteCalls();
  const env = { POLL_EVERY_MS: "50", CLASS_KEPT_MS: "100", VIDEO_MESH_MAX: "2" };
  nodes = await TestNodes.start({ count: 2, openBus, calls, env });
  const other = nodes.node(1);
  const { of, desk, ada } = await met(nodes.node(0));
  const { token } = ada.person;
  const asksForPass = () =>
    post(other, "/video/token", { classId: of.classId, peer: ada.peer }, token).then(({ status }) => status);
  let status = 0;
  while (status !== 201) status = await asksForPass();
  await until("the class let go of", () => left.some((channel) => channel.includes(of.classId)));
  expect(orders).toEqual([]);
  await endSession(nodes.node(0), of.teacher, of.classId);
  await until("the call ended", () => orders.includes(`end ${desk.found.session}`));
});
