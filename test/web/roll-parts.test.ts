import { expect, test } from "bun:test";
import { Desk, framesOf } from "../../web/roll/desk.ts";
import { pupilsOf, shownOf } from "../../web/roll/pupils.ts";
import { events, marked, ready, session, snapshot } from "../client/fakes.ts";

const NOBODY = new Set<string>();
const person = (_id: string, name: string | null) => ({ _id, name, email: name && `${name}@school.test` });
const people = [
  person("c", "Zoë Özdemir"),
  person("a", "Łukasz Yılmaz"),
  person("b", "ben 10"),
  person("d", "Ben 9"),
];
const names = (shown: readonly { readonly name: string }[]) => shown.map(({ name }) => name);

test("LV5 the roll is in the order of the names, numbers by their value; who has no name yet is there", () => {
  expect(names(pupilsOf(["a", "b", "c", "d", "e"], people, "en"))).toEqual([
    "…",
    "Ben 9",
    "ben 10",
    "Łukasz Yılmaz",
    "Zoë Özdemir",
  ]);
});

test.each([
  ["zoe", ["Zoë Özdemir"]],
  ["OZDE", ["Zoë Özdemir"]],
  ["yilmaz", ["Łukasz Yılmaz"]],
  ["luk", ["Łukasz Yılmaz"]],
  [" ben ", ["Ben 9", "ben 10"]],
  ["10@school", ["ben 10"]],
  ["x", []],
])("LV5 a search for %j finds %j", (text, found) => {
  const pupils = pupilsOf(["a", "b", "c", "d"], people, "en");
  expect(names(shownOf(pupils, text, "all", () => null, NOBODY))).toEqual(found);
});

test("LV5 a filter shows its status, and those who linger", () => {
  const pupils = pupilsOf(["a", "b", "c", "d"], people, "en");
  const statusOf = (id: string) => (id === "a" ? "present" : id === "b" ? "absent" : null);
  const shown = (filter: "present" | "absent" | "unmarked", lingering = NOBODY) =>
    names(shownOf(pupils, "", filter, statusOf, lingering));
  expect(shown("present")).toEqual(["Łukasz Yılmaz"]);
  expect(shown("absent")).toEqual(["ben 10"]);
  expect(shown("unmarked")).toEqual(["Ben 9", "Zoë Özdemir"]);
  expect(shown("unmarked", new Set(["a"]))).toEqual(["Ben 9", "Łukasz Yılmaz", "Zoë Özdemir"]);
});

/** A desk over a client whose server is in the test's hands; `draw` is the next picture. */
async function openDesk() {
  const its = await ready();
  its.socket().say(snapshot(1));
  let due: (() => void)[] = [];
  const desk = new Desk(its.client, session, (run) => due.push(run));
  const close = desk.open();
  const told: number[] = [];
  desk.subscribe(() => told.push(desk.version()));
  const draw = () => {
    const now = due;
    due = [];
    for (const run of now) run();
  };
  draw();
  told.length = 0;
  const acknowledge = (seq: number) => {
    for (const frame of its.socket().take())
      if (typeof frame === "object" && frame !== null && "id" in frame)
        its.socket().say({ type: "ack", id: frame.id, session, seq });
  };
  return { ...its, desk, draw, told, acknowledge, close };
}

test("LV14 however many marks arrive, those who listen are told once a picture, and the rest is the same object", async () => {
  const { desk, draw, told, socket, close } = await openDesk();
  const [ada, ben] = [desk.tile("ada"), desk.tile("ben")];
  for (let seq = 2; seq < 200; seq++) socket().say(events(seq, marked("ada")));
  expect(told).toHaveLength(0);
  draw();
  expect(told).toHaveLength(1);
  expect(desk.tile("ben")).toBe(ben);
  expect(desk.tile("ada")).not.toBe(ada);
  expect(desk.tile("ada")).toBe(desk.tile("ada"));
  expect(desk.counts()).toEqual({ present: 1, absent: 0, unmarked: 2 });
  close();
});

test("LV1 a mark is sending until it is acknowledged, and the counts are the server's", async () => {
  const { desk, draw, socket, acknowledge, close } = await openDesk();
  desk.turn("ada");
  draw();
  expect(desk.tile("ada")).toMatchObject({ state: "sending", status: "present", at: null });
  expect(desk.counts()).toEqual({ present: 0, absent: 0, unmarked: 3 });
  expect(desk.last()).toMatchObject({ state: "sending", what: { student: "ada" } });
  socket().say(events(2, marked("ada")));
  acknowledge(2);
  await Promise.resolve();
  draw();
  expect(desk.tile("ada")).toMatchObject({ state: "saved", status: "present", at: 2000 });
  expect(desk.counts()).toEqual({ present: 1, absent: 0, unmarked: 2 });
  expect(desk.last()).toMatchObject({ state: "saved" });
  desk.turn("ada");
  expect(socket().take()).toMatchObject([{ type: "mark", student: "ada", status: "absent" }]);
  close();
});

test("LV4 what is undone before it is saved is undone once it is", async () => {
  const { desk, socket, acknowledge, close } = await openDesk();
  desk.mark("ada", "present");
  desk.undo();
  expect(desk.last()).toMatchObject({ state: "undoing" });
  socket().say(events(2, marked("ada")));
  acknowledge(2);
  await Promise.resolve();
  await Promise.resolve();
  expect(socket().sent).toMatchObject([{ type: "undo", session, seq: 2 }]);
  close();
});

test("LV6 a mark of another device on one made here is told, one on any other is not, and one made here ends it", async () => {
  const { desk, socket, acknowledge, close } = await openDesk();
  desk.mark("ada", "present");
  socket().say(events(2, marked("ada")));
  acknowledge(2);
  socket().say(events(3, marked("ben"), marked("ben", "absent")));
  expect(desk.tile("ada").changed).toBe(false);
  expect(desk.tile("ben").changed).toBe(false);
  socket().say(events(5, marked("ada", "absent")));
  expect(desk.tile("ada").changed).toBe(true);
  socket().say(events(6, marked("ada")));
  expect(desk.tile("ada").changed).toBe(false);
  socket().say(events(7, { type: "undone", of: 6, marks: [["ada", null]] }));
  expect(desk.tile("ada").changed).toBe(true);
  desk.markMany("all", "absent");
  socket().say(events(8, { type: "markedMany", students: ["ada", "ben", "cyd"], status: "absent" }));
  acknowledge(8);
  for (const student of ["ada", "ben", "cyd"]) expect(desk.tile(student).changed).toBe(false);
  socket().say(events(9, marked("cyd")));
  expect(desk.tile("cyd").changed).toBe(true);
  close();
});

test("LV5 the filters know what waits: all, and of the rest those without a mark", async () => {
  const { desk, socket, close } = await openDesk();
  socket().say(events(2, marked("ada", "absent")));
  desk.mark("ben", "present");
  desk.markMany("rest", "absent");
  const statusOf = desk.statuses();
  expect(["ada", "ben", "cyd"].map(statusOf)).toEqual(["absent", "present", "absent"]);
  desk.markMany("all", "present");
  expect(["ada", "ben", "cyd"].map(desk.statuses())).toEqual(["present", "present", "present"]);
  close();
});

test("PR15 marks for 5,000 fit into frames, whatever their ids are, and nobody is lost", () => {
  for (const letter of ["7", "é", '"']) {
    const ids = Array.from({ length: 5000 }, (_, n) => `${letter.repeat(120)}${n}`);
    const frames = framesOf(ids);
    expect(frames.flat()).toEqual(ids);
    for (const frame of frames) expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThan(65_000);
  }
  expect(framesOf([])).toEqual([]);
});

test("PR15 marks of many are saved once all of their commands are, and not where one is refused", async () => {
  const { desk, socket, close } = await openDesk();
  const ids = Array.from({ length: 3000 }, (_, n) => `${n}`.padStart(24, "0"));
  /** Answers whatever is sent; the command of this number is refused. */
  const answer = (refused: number) => {
    let count = 0;
    for (let sent = socket().take(); sent.length > 0; sent = socket().take())
      for (const { id } of sent.map(Object))
        if (++count === refused)
          socket().say({ type: "refused", id, code: "student-not-enrolled", message: "no" });
        else socket().say({ type: "ack", id, session, seq: count + 1 });
    return count;
  };
  const saved = desk.markThese(ids, "absent");
  expect(answer(0)).toBe(3);
  expect(await saved).toBe(true);
  const refused = desk.markThese(ids, "present");
  expect(answer(2)).toBe(3);
  expect(await refused).toBe(false);
  expect(await desk.markThese([], "present")).toBe(true);
  close();
});
