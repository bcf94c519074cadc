import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startSession } from "../../src/commands/start-session.ts";
import { readConfig } from "../../src/config.ts";
import { codesIn, pageFaults } from "./protocol-page.ts";

const root = join(import.meta.dir, "..", "..");
const page = readFileSync(join(root, "docs", "PROTOCOL.md"), "utf8");

test("C40 every frame of docs/PROTOCOL.md is one, every type and close code stands there, and our client does what it says", () => {
  expect(pageFaults(page)).toEqual([]);
});

describe("C40 the check finds", () => {
  const wrong: [string, string, string, string][] = [
    ["a frame with a field that is wrong", '"status": "present" }', '"status": "late" }', "is none"],
    [
      "a frame with a field that is none",
      '{ "type": "ping" }',
      '{ "type": "ping", "now": 1 }',
      "fields that are none",
    ],
    ["a frame that is no JSON", '{ "type": "ready" }', '{ "type": "ready", }', "is none"],
    [
      "a frame of the other side",
      '<!-- client -->\n```json\n{ "type": "ping" }',
      '<!-- server -->\n```json\n{ "type": "ping" }',
      "The server frame",
    ],
    [
      "a frame of no side",
      '<!-- server -->\n```json\n{ "type": "ready" }',
      '```json\n{ "type": "ready" }',
      "Neither",
    ],
    [
      "a type of frame that is missing",
      '<!-- client -->\n```json\n{ "type": "resume"',
      '<!-- client -->\n```js\n{ "type": "resume"',
      "There is no client frame resume",
    ],
    [
      "an event that is missing",
      '"type": "startedAgain"',
      '"type": "ended"',
      "There is no event startedAgain",
    ],
    ["a close code that is missing", "| 4406 |", "| other |", "There is no close code 4406"],
    [
      "a retry that our client does not do",
      "| 1013 | this user has too many sockets | later",
      "| 1013 | this user has too many sockets | never",
      "something else after 1013",
    ],
  ];
  test.each(wrong)("%s", (_, right, instead, fault) => {
    expect(page).toContain(right);
    expect(pageFaults(page.replace(right, instead)).join("\n")).toContain(fault);
  });
});

const ROOM_ERRORS = [
  ...["room-full", "not-in-room", "peer-not-connected"],
  ...["removed-from-room", "room-locked", "room-ended"],
  ...["too-long", "too-fast"],
];

/** Every refusal that a rule of the session names. */
const rules = [
  ...readFileSync(join(root, "src", "core", "session", "decide.ts"), "utf8").matchAll(
    /refuse\("([\w-]+)"\)/g,
  ),
];

test("C40 the page has the refusals that there are", () => {
  const notHere = ["unauthorized", "invalid-class-id"];
  const refusals = [...startSession.refusals, ...rules.map(([, code = ""]) => code), "id-reused", "internal"];
  const errors = ["unknown-session", "resume-from-future", "bad-frame", ...ROOM_ERRORS];
  const there = new Set([...refusals.filter((code) => !notHere.includes(code)), ...errors]);
  expect([...new Set(codesIn(page))].toSorted()).toEqual([...there].toSorted());
});

test("C40 the page has the limits that hold where nothing is set", () => {
  const limits = readConfig({});
  const says = (text: string) => expect(page.replaceAll(/\s+/g, " ")).toContain(text);
  const count = (limit: number) => limit.toLocaleString("en");
  says(`| ${limits.FRAME_BYTES_MAX / 1024} KiB:`);
  says(`CHAT_CHARS_MAX (${count(limits.CHAT_CHARS_MAX)})`);
  says(`CHAT_BURST (${limits.CHAT_BURST}) things at once and CHAT_PER_S (${limits.CHAT_PER_S})`);
  says(`SHOWS_PER_S (${limits.SHOWS_PER_S}) and SHOWS_BURST (${limits.SHOWS_BURST})`);
  says(
    `teachers ${count(limits.TEACHER_FRAMES_PER_S)}; students ${limits.STUDENT_FRAMES_PER_S}, and ${limits.STUDENT_FRAMES_BURST} at once`,
  );
  says(`| signals a second | ${limits.SIGNALS_PER_S}, and ${count(limits.SIGNALS_BURST)} at once | 1008 |`);
  says(`${count(limits.CHAT_CHARS_MAX)} characters at most`);
  says(`the last ${limits.CHAT_SHOWN_MAX} messages`);
  says(`"kind": "mesh", "max": ${limits.VIDEO_MESH_MAX}`);
  says(`| ${count(limits.FRAMES_WAITING_MAX)}; keep to 256`);
  says(`| sockets of one user | ${limits.SOCKETS_PER_USER_MAX} |`);
  says(`| ${limits.OUT_BUFFER_BYTES_MAX / 1024 ** 2} MiB |`);
  says(`more than ${count(limits.RESUME_EVENTS_MAX)} events behind`);
  says(`within ${limits.TICKET_LIFETIME_MS / 1000} seconds`);
  says(`Within ${limits.FIRST_FRAME_MS / 1000} seconds the first frame`);
  says(`(${count(limits.CLASS_SIZE_MAX)} at most)`);
  says(`"pingAfter": ${limits.PING_AFTER_MS}, "silenceMax": ${limits.SILENCE_MAX_MS}`);
});
