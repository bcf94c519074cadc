import { expect, test } from "bun:test";
import { classId, hex, open, ready } from "./fakes.ts";

const looking = [{ socket: "s", user: "teacher", name: "Meera" }];
const other = hex("7");
const presence = (whole: boolean, students: [string, string][], of = classId) => ({
  type: "presence",
  class: of,
  whole,
  students,
  looking,
});

test("LO6 who is there is kept, whole and as it changes", async () => {
  const { client, socket } = await ready();
  const seen: string[][] = [];
  client.on("presence", ({ students }) => seen.push([...students].map(String)));
  expect(client.presence).toBeNull();
  client.look(classId);
  expect(socket().sent.at(-1)).toEqual({ type: "look", class: classId });
  socket().say(
    presence(true, [
      ["ada", "connected"],
      ["ben", "room"],
    ]),
  );
  socket().say(
    presence(false, [
      ["ada", "away"],
      ["cyd", "connected"],
      ["ben", "connected"],
    ]),
  );
  expect(client.presence).toMatchObject({ class: classId, looking });
  socket().say(presence(true, [["dan", "room"]]));
  expect(seen).toEqual([["ada,connected", "ben,room"], ["ben,connected", "cyd,connected"], ["dan,room"]]);
  socket().say(presence(false, [["eve", "connected"]], other));
  expect([...(client.presence?.students ?? [])].map(String)).toEqual(["eve,connected"]);
});

test("LO6 after a cut it looks again, and knows nobody in between", async () => {
  const { client, socket, timers } = await open();
  const greet = () => {
    socket().heard.opened();
    socket().greet();
  };
  client.look(classId);
  expect(socket().sent).toEqual([]);
  greet();
  expect(socket().sent.at(-1)).toEqual({ type: "look", class: classId });
  socket().say(presence(true, [["ada", "connected"]]));
  expect(client.socket).toBe("s");
  socket().heard.closed(1006);
  expect(client.presence).toBeNull();
  await timers.pass(1000);
  greet();
  expect(socket().take().filter(isLook)).toEqual([{ type: "look", class: classId }]);
  client.look(classId);
  expect(socket().take()).toEqual([]);
  client.look(null);
  expect(socket().take()).toEqual([{ type: "look", class: null }]);
  expect(client.presence).toBeNull();
});

const isLook = (frame: unknown) => JSON.stringify(frame).includes("look");
