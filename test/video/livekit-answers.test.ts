import { expect, test } from "bun:test";
import { CallFault } from "../../src/ports/calls.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { livekitCalls } from "../../src/video/livekit.ts";
import { sessionId } from "../core/arbitrary.ts";

test("RO19 LiveKit's own word that one call is broken is told from nobody answering, and of no call from both", async () => {
  let answer = () => new Response(null);
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => answer() });
  const calls = livekitCalls({
    ...{ url: server.url.href, key: "key", secret: "a secret that is long enough to sign by" },
    ...{ passMs: 60_000, timeoutMs: 5000, clock: systemClock },
  });
  const word = (code: string, status: number) => () =>
    new Response(JSON.stringify({ code, msg: code }), {
      status,
      headers: { "Content-Type": "application/json" },
    });
  const asked = () => calls.callers(sessionId).catch((error: unknown) => error);
  answer = word("unavailable", 503);
  expect(await asked()).toBeInstanceOf(CallFault);
  answer = word("not_found", 404);
  expect(await asked()).toEqual([]);
  answer = () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
  const proxy = await asked();
  expect(proxy).toBeInstanceOf(Error);
  expect(proxy).not.toBeInstanceOf(CallFault);
  await server.stop(true);
  expect(await asked()).not.toBeInstanceOf(CallFault);
});
