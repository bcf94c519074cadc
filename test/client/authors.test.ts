import { expect, test } from "bun:test";
import { Queue } from "../../client/queue.ts";
import { memoryStorage } from "../../client/storage.ts";

const start = { type: "start", class: "c".repeat(24) } as const;
const fail = (error: unknown) => {
  throw error;
};

/** A queue whose user `who` has given one command, and what keeps it. */
async function left(by: string | null, who: string | null) {
  const storage = memoryStorage();
  const queue = new Queue(storage, fail, by);
  queue.add("one", start);
  if (who !== null) queue.claim(who);
  await queue.stored;
  return storage;
}

test("C30 before it is known who is here, what was kept shows as waiting", async () => {
  const queue = new Queue(await left(null, "ada"), fail);
  await queue.stored;
  expect(queue.waiting.map(({ id }) => id)).toEqual(["one"]);
  queue.claim("ben");
  expect(queue.waiting).toEqual([]);
  queue.claim("ada");
  expect(queue.waiting.map(({ id }) => id)).toEqual(["one"]);
});

test("C30 a command given offline by a user whom the page knows is not sent for the next one", async () => {
  const queue = new Queue(await left("ada", null), fail);
  await queue.stored;
  queue.claim("ben");
  expect(queue.take()).toEqual([]);
  queue.claim("ada");
  expect(queue.take().map(({ id }) => id)).toEqual(["one"]);
});
