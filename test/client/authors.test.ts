import { expect, test } from "bun:test";
import { Queue } from "../../client/queue.ts";
import { memoryStorage } from "../../client/storage.ts";
import { ready, settle } from "./fakes.ts";

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

test("C30 what another page left while there was no connection is sent by this one, once", async () => {
  const storage = memoryStorage();
  const [here, other] = [await ready({ storage }), await ready({ storage })];
  for (const its of [here, other]) its.socket().heard.closed(1006);
  other.client.start("c".repeat(24));
  await other.client.stored;
  other.client.close();
  here.client.start("d".repeat(24));
  await here.timers.pass(10_000);
  here.socket().heard.opened();
  here.socket().greet();
  await settle();
  const classes = here
    .socket()
    .take()
    .flatMap((frame) => (isStart(frame) ? frame.class[0] : []));
  expect(classes).toEqual(["d", "c"]);
  expect(here.client.waiting).toHaveLength(2);
});

const isStart = (frame: unknown): frame is { readonly class: string } =>
  typeof frame === "object" && frame !== null && "class" in frame;
