import { afterEach, expect, test } from "bun:test";
import { noBus } from "../../src/bus/none.ts";
import type { Store } from "../../src/ports/store.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { lesson, seat } from "../e2e/lesson.ts";
import { marked } from "../e2e/plain-client.ts";
import { TestNodes } from "./nodes.ts";

let nodes: TestNodes | undefined;
afterEach(() => nodes?.end());

/** A store that counts how often it is asked which sessions of some classes run. */
function counting(): { store: Store; asked: () => number } {
  const store = createMemoryStore();
  let asked = 0;
  const runningIn: Store["sessions"]["runningIn"] = (ids) => {
    asked++;
    return store.sessions.runningIn(ids);
  };
  return { store: { ...store, sessions: { ...store.sessions, runningIn } }, asked: () => asked };
}

/** How often the store was asked for 20 marks that name no class. */
async function askedFor20Marks(env: Record<string, string>): Promise<number> {
  const { store, asked } = counting();
  nodes = await TestNodes.start({ count: 1, openBus: noBus, store, env });
  const physics = await lesson(nodes.node(0), 1);
  const { id } = seat(physics, 0).person;
  const before = asked();
  for (let n = 0; n < 20; n++) {
    physics.desk.send("ATTENDANCE_MARKED", { studentId: id, status: "present" });
    expect(await physics.desk.next()).toEqual(marked(id, "present"));
  }
  return asked() - before;
}

test("DP8 a server that is alone without a bus does not ask the store whose session a mark is for", async () => {
  expect(await askedFor20Marks({})).toBe(0);
});

test("DP8 one that may have others beside it asks each time", async () => {
  expect(await askedFor20Marks({ POLL_ONLY: "on" })).toBe(20);
});
