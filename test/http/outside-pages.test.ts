import { expect, test } from "bun:test";
import { asPage } from "../../src/http/outside-pages.ts";

test("OI23 whoever is in the middle of a sign-in reads a page, also where the server cannot save it", async () => {
  const told: unknown[] = [];
  const error = new Error("the disk is full");
  const answer = await asPage(
    () => Promise.reject(error),
    (why) => told.push(why),
  );
  expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html; charset=utf-8"]);
  expect(answer.headers.get("retry-after")).toBe("30");
  const page = await answer.text();
  expect(page).toContain("Try again in a minute");
  expect(page).not.toContain("disk");
  expect(told).toEqual([error]);
});
