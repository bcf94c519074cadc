import { afterAll, expect, test } from "bun:test";
import { readConfig } from "../../src/config.ts";
import { post } from "../e2e/http.ts";
import { met } from "../e2e/room-seat.ts";
import { startServer } from "../e2e/server.ts";

const server = await startServer();
afterAll(() => server.dispose());

test("RO17 a server without LiveKit says so, to pages and to webhooks", async () => {
  const { of, ada } = await met(server);
  const asked = await post(server, "/video/token", { classId: of.classId, peer: ada.peer }, ada.person.token);
  const error = "No LiveKit here, the room is from peer to peer";
  expect(asked).toMatchObject({ status: 404, body: { success: false, error } });
  expect((await fetch(`${server.url}/video/webhook`, { method: "POST", body: "{}" })).status).toBe(404);
});

test("RO20 the settings of LiveKit are given together or not at all", () => {
  const all = { LIVEKIT_URL: "wss://l.test", LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" };
  expect(readConfig(all)).toMatchObject(all);
  for (const missing of Object.keys(all))
    expect(() => readConfig({ ...all, [missing]: undefined })).toThrow(/LIVEKIT_URL/);
  expect(() => readConfig({ ...all, LIVEKIT_URL: "https://l.test" })).toThrow(/ws:/);
});
