import { expect, test } from "bun:test";
import { mark } from "../../src/core/session/decide.ts";
import type { Author } from "../../src/log/live-session.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { teacher, user } from "../core/arbitrary.ts";
import { addClass, Node } from "../faults/node.ts";

const [ada, ben] = [user(1), user(2)];

async function running() {
  const store = createMemoryStore();
  const cls = await addClass(store, [ada, ben]);
  const node = new Node(store);
  await node.sessions.start(cls, { by: teacher, via: "v1" });
  return { store, node, cls };
}

const sent = (id: string, digest: string, by = teacher): Author => ({
  by,
  via: "v1",
  command: { id, digest },
});
const present = (node: Node, author: Author, student = ada) =>
  node.live.commit(author, (now) => mark(now, student, "present"));

test("C1 a command's id and digest stand in its first event, and the store finds it by its author", async () => {
  const { store, node } = await running();
  await present(node, sent("a", "d1"));
  const { id } = node.live.session;
  expect(node.told.at(-1)).toMatchObject({ type: "marked", command: { id: "a", digest: "d1" } });
  expect(await store.sessions.commandsOf(teacher, "a")).toEqual([{ sessionId: id, seq: 2, digest: "d1" }]);
  expect(await store.sessions.commandsOf(ben, "a")).toEqual([]);
});

test("C2 a resend changes nothing and answers as the first time, in the same turn, later and after a restart", async () => {
  const { store, node } = await running();
  const twice = await Promise.all([present(node, sent("a", "d1")), present(node, sent("a", "d1"))]);
  expect(twice).toMatchObject([
    { ok: true, value: { seq: 2 } },
    { ok: true, value: { seq: 2 } },
  ]);
  await node.mark(ben);
  expect(await present(node, sent("a", "d1"))).toMatchObject({ ok: true, value: { seq: 2 } });
  const restarted = new Node(store, "two");
  await restarted.sessions.resume();
  expect(await present(restarted, sent("a", "d1"))).toMatchObject({ ok: true, value: { seq: 2 } });
  expect(restarted.live.session.headSeq).toBe(3);
});

test("C2 the same id for something else is refused; the same id of another author is another command", async () => {
  const { node } = await running();
  await present(node, sent("a", "d1"));
  expect(await present(node, sent("a", "d2"), ben)).toEqual({ ok: false, code: "id-reused" });
  expect(await present(node, sent("a", "d2", ben), ben)).toMatchObject({ ok: true, value: { seq: 3 } });
});

test("C2 a refused command is decided anew", async () => {
  const { node } = await running();
  const outsider = user(5);
  expect(await present(node, sent("a", "d1"), outsider)).toMatchObject({ ok: false });
  await node.live.commit(sent("b", "d"), () => ({
    ok: true,
    events: [{ type: "enrolled", student: outsider }],
    value: undefined,
  }));
  expect(await present(node, sent("a", "d1"), outsider)).toMatchObject({ ok: true });
});

test("C3 a start that found the session running is remembered by its id", async () => {
  const { store, node, cls } = await running();
  expect(await node.sessions.start(cls, sent("again", "d"))).toMatchObject({ ok: true, value: { seq: 2 } });
  expect(await store.sessions.commandsOf(teacher, "again")).toMatchObject([{ seq: 2 }]);
  expect(node.told.at(-1)).toMatchObject({ type: "startedAgain" });
});
