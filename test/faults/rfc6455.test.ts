import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { closeFrame, frame, OPCODE } from "./frames.ts";
import { WsPeer } from "./ws-peer.ts";
import { VIOLATIONS } from "./ws-violations.ts";

setDefaultTimeout(60_000);
const siege = await besiege({ classes: 1, students: 2, spare: 0 });
afterAll(() => siege.end());
const cls = classOf(siege, 0);
const neighbours = await Neighbours.seat(siege, cls);

const peer = (token = cls.students[1]?.token) => WsPeer.open(siege.server.url, `/ws?token=${token}`);

test.each(VIOLATIONS.map((row) => [row.what, row] as const))(
  "W1 %s is answered as RFC 6455 asks, or as the table says",
  async (_what, { sends, finishes, asks, bunDiffers }) => {
    const socket = await peer();
    socket.send(...sends);
    if (finishes) socket.finish();
    expect(await socket.fate()).toBe(bunDiffers ?? asks);
    // 7.1.1: the server ends the connection first, and does not wait for the client to do it.
    if (bunDiffers !== "goes on") await socket.until("an end", () => socket.ended);
    socket.destroy();
    await neighbours.areServed();
  },
);

test("W1 the table has at least sixty violations, each once, and names only differences that are some", () => {
  expect(VIOLATIONS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(VIOLATIONS.map(({ what }) => what)).size).toBe(VIOLATIONS.length);
  for (const { asks, bunDiffers } of VIOLATIONS) expect(bunDiffers).not.toBe(asks);
});

const mark = JSON.stringify({
  event: "ATTENDANCE_MARKED",
  data: { studentId: cls.students[1]?.id, status: "absent" },
});

test.each([
  ["after a close frame", [closeFrame(1000), frame(OPCODE.text, mark)]],
  ["after a violation", [frame(3, ""), frame(OPCODE.text, mark)]],
  ["in a fragment whose end never comes", [frame(OPCODE.text, mark, { fin: false })]],
  ["a byte short of its length", [frame(OPCODE.text, mark).slice(0, -1)]],
  ["with a reserved bit", [frame(OPCODE.text, mark, { reserved: 4 })]],
  ["without a mask", [frame(OPCODE.text, mark, { masked: false })]],
])("W2 a mark %s has no effect", async (_what, sends) => {
  const socket = await peer(cls.teacher.token);
  socket.send(...sends);
  socket.finish();
  expect(await socket.fate()).not.toBe("goes on");
  await neighbours.areServed();
  expect(socket.texts).toEqual([]);
});

test("W3 what is odd but allowed goes on: pings between fragments, empty fragments, 125 bytes in a ping, a character in two fragments", async () => {
  const socket = await peer();
  const { text, continuation, ping, pong } = OPCODE;
  const [euro1, euro2] = [Uint8Array.of(0x22, 0xe2, 0x82), Uint8Array.of(0xac, 0x22)];
  socket.send(
    frame(text, '{"event":', { fin: false }),
    frame(ping, "x".repeat(125)),
    ...Array.from({ length: 1000 }, () => frame(continuation, "", { fin: false })),
    frame(pong, "nobody asked"),
    frame(continuation, '"PING"}'),
    frame(text, euro1, { fin: false }),
    frame(continuation, euro2),
  );
  await socket.until("two answers", () => socket.texts.length === 2);
  // The second is a good text that is no frame of the dialect.
  expect(socket.texts.map((answer) => JSON.parse(answer).event)).toEqual(["PONG", "ERROR"]);
  expect(await socket.fate()).toBe("goes on");
  socket.destroy();
  await neighbours.areServed();
});
