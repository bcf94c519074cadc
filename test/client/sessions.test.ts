import { expect, test } from "bun:test";
import { classId, events, hex, marked, open, ready, room, session, snapshot } from "./fakes.ts";

const mark = (student: string, seq: number, status = "present") => ({
  student,
  status,
  seq,
  at: 1,
  by: "teacher",
});
const beginning = { type: "started", room, teacher: "teacher", roster: ["ada", "ben"] };

test("C5 a session is folded from its first event or from a snapshot, to the same", async () => {
  const [byEvents, bySnapshot] = [await ready(), await ready()];
  const seen: object[] = [];
  byEvents.client.on("event", ({ event }) => seen.push(event));
  const all = [
    beginning,
    marked("ada"),
    { type: "markedMany", students: ["ada", "ben"], status: "absent" },
    { type: "enrolled", student: "cyd" },
    { type: "withdrawn", student: "ben" },
    {
      type: "undone",
      of: 3,
      marks: [
        ["ada", "present"],
        ["ben", null],
      ],
    },
    { type: "startedAgain" },
    {
      type: "ended",
      statuses: [
        ["ada", "present"],
        ["cyd", "absent"],
      ],
      present: 1,
      absent: 1,
    },
  ];
  byEvents.socket().say(events(1, ...all.slice(0, 2)));
  byEvents.socket().say(events(3, ...all.slice(2)));
  expect(seen).toMatchObject(all);
  const marks = [
    { student: "ada", status: "present", seq: 6, at: 2000, by: "teacher" },
    { student: "cyd", status: "absent", seq: 8, at: 2000, by: "teacher" },
  ];
  const whole = { startedAt: 2000, endedAt: 2000, roster: ["ada", "cyd"] };
  bySnapshot.socket().say(snapshot(8, marks, whole));
  const state = byEvents.client.sessions.get(session);
  expect<unknown>(state).toEqual(bySnapshot.client.sessions.get(session));
  expect(state).toMatchObject({ seq: 8, present: 1, absent: 1, endedAt: 2000 });
});

test("C5 what is known already is passed over, and each event is told once", async () => {
  const { client, socket } = await ready();
  const seen: number[] = [];
  client.on("event", ({ event }) => seen.push(event.seq));
  socket().say(snapshot(3, [mark("ada", 3)]));
  socket().say(events(2, marked("ben"), marked("ada", "absent"), marked("cyd")));
  socket().say(events(3, marked("ada", "absent")));
  expect(seen).toEqual([4]);
  expect(client.sessions.get(session)).toMatchObject({ seq: 4, present: 2, absent: 0 });
});

test("C26 a gap is asked for once, and nothing is shown until it is filled", async () => {
  const { client, socket } = await ready();
  socket().say(snapshot(3));
  socket().say(events(5, marked("ada")));
  socket().say(events(6, marked("ben")));
  expect(socket().take()).toEqual([{ type: "resume", session, after: 3 }]);
  expect(client.sessions.get(session)).toMatchObject({ seq: 3, present: 0 });
  socket().say(events(4, marked("cyd"), marked("ada"), marked("ben")));
  expect(client.sessions.get(session)).toMatchObject({ seq: 6, present: 3 });
  socket().say(events(9, marked("ada")));
  expect(socket().take()).toEqual([{ type: "resume", session, after: 6 }]);
});

test("C26 a session that is met in its middle is asked for whole", async () => {
  const { client, socket } = await ready();
  socket().say(events(7, marked("ada")));
  expect(socket().take()).toEqual([{ type: "resume", session, after: 0 }]);
  socket().say(snapshot(7, [mark("ada", 7)]));
  expect(client.sessions.get(session)).toMatchObject({ seq: 7, present: 1 });
});

test("C26 a gap that was asked for on a lost socket is asked for by the next hello", async () => {
  const { timers, socket } = await ready();
  socket().say(snapshot(3));
  socket().say(events(5, marked("ada")));
  socket().heard.closed(1006);
  await timers.pass(timers.wait);
  socket().heard.opened();
  expect(socket().take()).toMatchObject([{ after: { [session]: 3 } }]);
  socket().greet();
  socket().say(events(5, marked("ada")));
  expect(socket().take()).toEqual([{ type: "resume", session, after: 3 }]);
});

test("C26 a session that cannot be told now is asked for again, as long as it lacks", async () => {
  const { timers, socket } = await ready();
  socket().say({ type: "error", code: "could-not-save", message: "Could not save, try again", session });
  await timers.pass(5000);
  const asked = { type: "resume", session, after: 0 };
  expect(socket().take()).toEqual([asked]);
  socket().say({ type: "error", code: "could-not-save", message: "Could not save, try again", session });
  await timers.pass(5000);
  expect(socket().take()).toEqual([asked]);
  socket().say({ type: "error", code: "could-not-save", message: "Could not save, try again", session });
  socket().say(snapshot(3));
  await timers.pass(10_000);
  expect(socket().take()).toEqual([]);
});

test("C26 a snapshot counts even where it is older: a server may have been restored from a backup", async () => {
  const { client, socket } = await ready();
  socket().say(snapshot(9, [mark("ada", 9)]));
  socket().say({ type: "error", code: "resume-from-future", message: "here it is whole", session });
  socket().say(snapshot(4, [mark("ben", 4)]));
  expect(client.sessions.get(session)?.seq).toBe(4);
  expect([...(client.sessions.get(session)?.marks.keys() ?? [])]).toEqual(["ben"]);
});

test("C27 a session that is not the user's any more is forgotten", async () => {
  const { client, socket } = await ready();
  const forgotten: string[] = [];
  const members: object[] = [];
  client.on("forgotten", (one) => forgotten.push(one.session));
  client.on("member", (one) => members.push(one));
  const [second, third] = [hex("6"), hex("7")];
  socket().say(snapshot(3));
  socket().say(snapshot(3, [], { session: second, endedAt: 9 }));
  socket().say(snapshot(3, [], { session: third, class: hex("d") }));
  socket().say({ type: "error", code: "unknown-session", message: "none", session });
  socket().say({ type: "member", class: classId, joined: true });
  expect([...client.sessions.keys()]).toEqual([second, third]);
  socket().say({ type: "member", class: classId, joined: false });
  expect([...client.sessions.keys()]).toEqual([third]);
  expect(forgotten).toEqual([session, second]);
  expect(members).toEqual([
    { class: classId, joined: true },
    { class: classId, joined: false },
  ]);
});

test("C27 another user sees nothing of the one before", async () => {
  const { client, timers, socket } = await ready();
  socket().say(snapshot(3));
  socket().heard.closed(1006);
  await timers.pass(timers.wait);
  socket().heard.opened();
  socket().greet("somebody else");
  expect(client.sessions.size).toBe(0);
  expect(client.user?.id).toBe("somebody else");
});

test("C27 a student is told no roll and no authors", async () => {
  const { client, socket } = await open();
  const { roster: _, ...whole } = snapshot(2, [{ student: "ada", status: "present", seq: 2, at: 1 }]);
  socket().say(whole);
  socket().say({
    ...events(3),
    to: 5,
    events: [{ type: "marked", student: "ben", status: "absent", seq: 4, at: 3 }],
  });
  const state = client.sessions.get(session);
  expect(state).toMatchObject({ roster: null, seq: 5, present: 1, absent: 1 });
  expect(state?.marks.get("ben")).toEqual({ status: "absent", seq: 4, at: 3 });
});

test("C5 every frame about a session gives a new object, for screens that compare", async () => {
  const { client, socket } = await ready();
  const states: object[] = [];
  client.on("session", (state) => states.push(state));
  socket().say(snapshot(2));
  socket().say(events(3, marked("ada")));
  expect(new Set(states).size).toBe(2);
  expect(Object.is(states[1], client.sessions.get(session))).toBe(true);
});
