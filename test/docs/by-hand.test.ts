import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROUTES } from "../../src/http/app.ts";

const web = join(import.meta.dir, "..", "..", "web", "static");
const page = readFileSync(join(web, "index.html"), "utf8");

/** Paths whose parameters have no names, for routes and forms name them differently. */
const shape = (path: string) => path.replaceAll(/:\w+|[A-Z]+-ID/g, ":id");

test("O27 the page to try things by hand has every route", () => {
  const forms = [...page.matchAll(/data-method="(\w+)" data-path="([^"]+)"/g)].map(
    ([, method, path = ""]) => `${method} ${shape(path)}`,
  );
  const others = [...page.matchAll(/<option value="([^"]+)"/g)].map(([, path = ""]) => shape(path));
  const missing = ROUTES.filter(
    ({ method, path }) => !forms.includes(`${method} ${shape(path)}`) && !others.includes(shape(path)),
  );
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  expect(forms).toContain("GET /health");
});

test("O27 the page to try things by hand has every event of the plain dialect", () => {
  const buttons = new Set([...page.matchAll(/data-event="(\w+)"/g)].map(([, event = ""]) => event));
  expect([...buttons].toSorted()).toEqual(
    "ATTENDANCE_MARKED DONE JOIN_ROOM LEAVE_ROOM MY_ATTENDANCE PING TODAY_SUMMARY WEBRTC_ANSWER WEBRTC_ICE_CANDIDATE WEBRTC_OFFER".split(
      " ",
    ),
  );
});

test("O27 the page needs no inline script or style, and nothing from elsewhere", () => {
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  expect(page.match(/(?:src|href)="(?!\/|#)[^"]*"/g)).toBeNull();
});
