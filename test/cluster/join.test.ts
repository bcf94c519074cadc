import { afterEach, expect, test } from "bun:test";
import { hostname } from "node:os";
import type { Alive } from "../../src/cluster/alive.ts";
import { joinNodes } from "../../src/cluster/join.ts";
import type { NodeStore } from "../../src/ports/nodes.ts";
import { nodesHere } from "../../src/store/nodes-here.ts";
import { until } from "../client/network.ts";

const joined: Alive[] = [];
afterEach(async () => {
  for (const alive of joined.splice(0)) await alive.end();
});

const usual = {
  secret: "one",
  isSecretSet: true,
  hasRedis: true,
  pollOnly: false,
  troubled: () => undefined,
};

async function joins(store: NodeStore, change: Partial<typeof usual> = {}): Promise<Alive> {
  const alive = await joinNodes({ store, ...usual, ...change });
  joined.push(alive);
  return alive;
}

const refusal = (store: NodeStore, change: Partial<typeof usual>): Promise<string> =>
  joins(store, change).then(
    () => "no refusal",
    (error: unknown) => String(error),
  );

test("CL12 one server needs neither Redis nor a secret that was set", async () => {
  const alive = await joins(nodesHere(), { hasRedis: false, isSecretSet: false });
  expect(alive.others).toEqual([]);
  expect(alive.leads).toBe(true);
});

test("CL12 several without Redis are refused, unless POLL_ONLY is on", async () => {
  const store = nodesHere();
  await joins(store, { hasRedis: false });
  expect(await refusal(store, { hasRedis: false })).toContain("Set REDIS_URL");
  const polling = await joins(store, { hasRedis: false, pollOnly: true });
  expect(polling.others).toHaveLength(1);
}, 20_000);

test("CL12 one with Redis is refused beside one without, which would not hear it", async () => {
  const store = nodesHere();
  await joins(store, { hasRedis: false });
  expect(await refusal(store, {})).toContain("runs without Redis");
  expect((await joins(store, { pollOnly: true })).others).toHaveLength(1);
}, 20_000);

test("CL12 several need one JWT_SECRET, set by the operator", async () => {
  const store = nodesHere();
  await joins(store);
  const [unset, other] = await Promise.all([
    refusal(store, { isSecretSet: false }),
    refusal(store, { secret: "two" }),
  ]);
  expect(unset).toContain("Set JWT_SECRET to the same value");
  expect(other).toContain("JWT_SECRET is not the one of");
  expect(await store.alive(60_000)).toHaveLength(1);
  await joins(store);
  // Each learns of the others with its next beat.
  await until("one that leads", () => joined.filter(({ leads }) => leads).length === 1);
}, 20_000);

test("CL12 the row of a server that was killed keeps nobody out", async () => {
  const store = nodesHere();
  await store.beat(
    { id: "killed", host: "h", secret: { salt: "", print: "" }, news: "poll" },
    { carries: true, unsaid: 0 },
  );
  expect((await joins(store, { hasRedis: false, isSecretSet: false })).others).toHaveLength(1);
}, 20_000);

test("CL12 nor does that of a killed process of the same machine, and nobody waits to see", async () => {
  const store = nodesHere();
  const gone = Bun.spawn(["true"]);
  await gone.exited;
  const secret = { salt: "", print: "" };
  await store.beat(
    { id: "killed", host: `${hostname()} (process ${gone.pid})`, secret, news: "poll" },
    { carries: true, unsaid: 0 },
  );
  const before = performance.now();
  await joins(store, { hasRedis: false, isSecretSet: false });
  expect(performance.now() - before).toBeLessThan(2000);
});
