import { afterAll, beforeAll, expect, test } from "bun:test";
import { z } from "zod";
import { startServer, type TestServer } from "./server";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

const Line = z.object({
  msg: z.literal("request"),
  request: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.int(),
  ms: z.number(),
});

/** The log's lines about requests so far. */
const lines = () =>
  server
    .stderr()
    .split("\n")
    .flatMap((line) => (line === "" ? [] : (Line.safeParse(JSON.parse(line)).data ?? [])));

test("O46 every request has an id, in its answer and in its line of the log, and the line has no query", async () => {
  const answer = await fetch(`${server.url}/auth/me?secret=in-a-query`);
  const id = answer.headers.get("x-request-id") ?? "";
  expect(id).not.toBe("");
  // The line is written before the answer leaves, but reaches us through a pipe of its own.
  while (!lines().some(({ request }) => request === id)) await Bun.sleep(1);
  const found = lines().find(({ request }) => request === id);
  expect(found).toMatchObject({ method: "GET", path: "/auth/me", status: 401 });
  expect(server.stderr()).not.toContain("in-a-query");
});
