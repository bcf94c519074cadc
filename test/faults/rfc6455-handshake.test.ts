import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { besiege, classOf, Neighbours } from "./besieged.ts";
import { frame, OPCODE } from "./frames.ts";
import { type HandshakeChange, handshake } from "./handshake.ts";
import { Tcp } from "./tcp.ts";
import { BAD_HANDSHAKES, type Reply } from "./ws-handshakes.ts";
import { WsPeer } from "./ws-peer.ts";

setDefaultTimeout(60_000);
const siege = await besiege({ classes: 1, students: 2, spare: 0 });
afterAll(() => siege.end());
const cls = classOf(siege, 0);
const neighbours = await Neighbours.seat(siege, cls);
const path = `/ws?token=${cls.students[1]?.token}`;
// Whose token is known is let in at once; at its first use Bun drops what comes before it is checked.
(await WsPeer.open(siege.server.url, path)).destroy();

const statusOf = ({ received }: Tcp): number | undefined =>
  Number(/^HTTP\/1\.1 (\d{3})/.exec(received.toString("latin1"))?.[1]) || undefined;

/** What comes of it, and the head of the answer. */
async function reply(sent: string): Promise<{ reply: Reply; head: string }> {
  const tcp = await Tcp.open(siege.server.url);
  tcp.send(sent);
  await tcp.until("an answer", () => tcp.ended || tcp.received.includes("\r\n\r\n"));
  const status = statusOf(tcp);
  tcp.destroy();
  const [head = ""] = tcp.received.toString("latin1").split("\r\n\r\n");
  return { reply: status === 101 ? "upgraded" : (status ?? "dropped"), head };
}

test.each(BAD_HANDSHAKES.map((row) => [row.what, row] as const))(
  "W4 a handshake with %s is refused as RFC 6455 asks, or as the table says",
  async (_what, { sends, asks, bunDiffers }) => {
    const answer = await reply(handshake(path, sends));
    expect(answer.reply).toBe(bunDiffers ?? asks);
    const wrongVersion = answer.reply === 426 && sends.headers?.Upgrade === undefined;
    // 4.4: who does not speak the version is told which one to speak.
    if (wrongVersion) expect(answer.head).toContain("\r\nSec-WebSocket-Version: 13\r\n");
    await neighbours.areServed();
  },
);

test("W4 the table has each handshake once, and names only differences that are some", () => {
  expect(new Set(BAD_HANDSHAKES.map(({ what }) => what)).size).toBe(BAD_HANDSHAKES.length);
  for (const { asks, bunDiffers } of BAD_HANDSHAKES) expect(bunDiffers).not.toBe(asks);
});

const allowed: [string, HandshakeChange][] = [
  ["an Upgrade in other letters", { headers: { Upgrade: "WebSocket" } }],
  ["a Connection of several values", { headers: { Connection: "keep-alive, Upgrade" } }],
  [
    "an extension that nobody knows",
    { lines: ["Sec-WebSocket-Extensions: nonsense; x=999, permessage-deflate"] },
  ],
];

test.each(allowed)("W5 a handshake with %s is taken, and no extension with it", async (_what, change) => {
  const socket = await WsPeer.open(siege.server.url, path, change);
  expect(socket.head).not.toContain("Sec-WebSocket-Extensions");
  // 1.3: the key of the standard and what must come back for it.
  expect(socket.head).toContain("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  expect(await socket.fate()).toBe("goes on");
  socket.destroy();
});

test("W5 a subprotocol that we do not know is not chosen, or as Bun answers: it is repeated", async () => {
  const socket = await WsPeer.open(siege.server.url, path, { lines: ["Sec-WebSocket-Protocol: chat"] });
  expect(socket.head).toContain("\r\nSec-WebSocket-Protocol: chat\r\n");
  expect(await socket.fate()).toBe("goes on");
  socket.destroy();
});

test("W6 frames that come with the handshake wait for its answer, and are then done like any other", async () => {
  const early = frame(OPCODE.text, JSON.stringify({ event: "MY_ATTENDANCE" }));
  const tcp = await Tcp.open(siege.server.url);
  tcp.send(handshake(path) + Buffer.from(early).toString("latin1"));
  await tcp.until("an answer", () => tcp.received.includes("MY_ATTENDANCE"));
  expect(statusOf(tcp)).toBe(101);
  tcp.destroy();
  await neighbours.areServed();
});

const whole = handshake(path).length;

test.each([1, 30, 120, whole - 1])(
  "W6 a handshake cut after %i bytes leaves nothing open",
  async (length) => {
    const tcp = await Tcp.open(siege.server.url);
    tcp.send(handshake(path).slice(0, length));
    tcp.finish();
    await tcp.until("an end", () => tcp.ended);
    expect(tcp.received.length).toBe(0);
    await neighbours.areServed();
  },
);

test("W6 a second handshake behind the first is no frame, and ends the socket", async () => {
  const tcp = await Tcp.open(siege.server.url);
  tcp.send(handshake(path) + handshake(path));
  await tcp.until("an end", () => tcp.ended);
  expect(statusOf(tcp)).toBe(101);
  expect(tcp.received.toString("latin1").match(/HTTP/g)).toHaveLength(1);
  await neighbours.areServed();
});
