import { expect, test } from "bun:test";
import { listCalls } from "../../src/commands/list-calls.ts";
import { takeWebhook } from "../../src/commands/take-webhook.ts";
import { end } from "../../src/core/session/decide.ts";
import { CallFault } from "../../src/ports/calls.ts";
import { sessionId } from "../core/arbitrary.ts";
import { author } from "../faults/node.ts";
import { callerOf, callHouse, opens } from "./call-house.ts";

test("RO19 a call of which LiveKit tells nothing, or nobody can be put out of, keeps no other from being seen to", async () => {
  const { context, calls, lives } = await callHouse(4);
  const ids = lives.map(({ session }) => session.id);
  const [first, second, third] = ids;
  calls.there = lives.flatMap((live) => [callerOf(live, 8), callerOf(live, 9)]);
  calls.refusal = (id) => (id === first ? new CallFault("broken") : null);
  calls.removalFails = (id) => id === second;
  const unsettled = await listCalls(context);
  expect(unsettled?.sessions.map(String)).toEqual([`${first}`, `${second}`]);
  expect(unsettled?.fault.message).toBe("broken");
  expect(calls.unanswered.map(String)).toEqual([`${first}`]);
  expect(calls.removed).toEqual(ids.slice(1).flatMap((id) => [id, id]));
  calls.unanswered.length = 0;
  calls.removalFails = () => false;
  calls.refusal = (id) => (id === third ? new TypeError("connection refused") : null);
  expect((await listCalls(context))?.sessions).toEqual(ids.slice(2));
  expect(calls.unanswered).toEqual(ids.slice(2));
});

test("RO18 the call of a session that this server never had is left alone, and of one that is over is ended", async () => {
  const { context, calls, lives } = await callHouse(1);
  const [live] = lives;
  if (!live) throw new Error("one");
  calls.news = { ...callerOf(live, 9), session: sessionId };
  expect(await takeWebhook(context, "", "")).toMatchObject({ ok: true });
  expect(calls.ended).toEqual([]);
  calls.news = callerOf(live, 9);
  await live.commit(author, (now) => end(now, []));
  expect(await takeWebhook(context, "", "")).toMatchObject({ ok: true });
  expect(calls.ended).toEqual([live.session.id]);
});

test("RO25 who was put out for being alone and comes again by a renewed pass is put out at once, until their page is in the room", async () => {
  const { context, calls, clock, lives } = await callHouse(1);
  const [live] = lives;
  if (!live) throw new Error("one");
  const { limits } = context;
  calls.news = callerOf(live, 1);
  const comes = () => takeWebhook(context, "", "");
  calls.there = [calls.news];
  await comes();
  await listCalls(context);
  expect(calls.hungUp).toEqual([]);
  clock.at += limits.LIVEKIT_ALONE_MS;
  await listCalls(context);
  expect(calls.hungUp).toEqual(["page-1"]);
  await comes();
  expect(calls.hungUp).toEqual(["page-1", "page-1"]);
  calls.there = [];
  await listCalls(context);
  await comes();
  expect(calls.hungUp).toHaveLength(3);
  await opens(live, 1);
  await comes();
  calls.there = [calls.news];
  await listCalls(context);
  expect(calls.hungUp).toHaveLength(3);
});
