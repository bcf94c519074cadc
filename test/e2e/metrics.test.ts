import { afterAll, beforeAll, expect, test } from "bun:test";
import { refused } from "./http";
import { lesson, seat } from "./lesson";
import { startServer, type TestServer } from "./server";

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ METRICS_TOKEN: "let-me-see" });
});
afterAll(() => server.dispose());

const metrics = (token?: string) =>
  fetch(`${server.url}/metrics`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

/** The value of a sample, by its name with labels. */
const sample = (text: string, name: string): number =>
  Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`${name} `))
      ?.split(" ")
      .at(-1),
  );

test("O45 /metrics asks for METRICS_TOKEN where it is set", async () => {
  const unauthorized = refused(401, "Unauthorized, token missing or invalid");
  for (const token of [undefined, "let-me", "let-me-see-more"]) {
    const answer = await metrics(token);
    expect({ status: answer.status, body: await answer.json() }).toEqual(unauthorized);
  }
  expect((await metrics("let-me-see")).headers.get("content-type")).toStartWith("text/plain");
});

test("O45 /metrics counts connections, frames, commits and refusals, and the event loop's lag", async () => {
  const held = await lesson(server, 1);
  held.desk.send("ATTENDANCE_MARKED", { studentId: seat(held, 0).person.id, status: "present" });
  await held.desk.next();
  await fetch(`${server.url}/auth/me`);
  const text = await (await metrics("let-me-see")).text();
  expect(sample(text, 'rollcall_connections{dialect="plain"}')).toBe(2);
  expect(sample(text, "rollcall_frames_in_total")).toBe(1);
  expect(sample(text, "rollcall_frames_published_total")).toBeGreaterThanOrEqual(1);
  expect(sample(text, "rollcall_commit_events_count")).toBe(1);
  expect(sample(text, "rollcall_commit_seconds_count")).toBe(1);
  expect(sample(text, "rollcall_frames_waiting")).toBe(0);
  expect(sample(text, 'rollcall_refusals_total{reason="unauthorized"}')).toBeGreaterThanOrEqual(1);
  expect(sample(text, 'rollcall_tokens_refused_total{reason="missing"}')).toBeGreaterThanOrEqual(1);
  expect(sample(text, "nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
});
