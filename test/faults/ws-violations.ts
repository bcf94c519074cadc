import { closeFrame, frame, OPCODE } from "./frames.ts";
import type { Fate } from "./ws-peer.ts";

/** Something that a client must not send on an open socket, by RFC 6455. */
export interface Violation {
  readonly what: string;
  /** Where the standard says so. */
  readonly section: string;
  readonly sends: readonly Uint8Array[];
  /** Whether the client then ends its side of the connection. */
  readonly finishes?: true;
  /** What the standard asks for; where it is not said otherwise, it is what happens. */
  readonly asks: Fate;
  /** What happens where Bun itself answers otherwise. */
  readonly bunDiffers?: Fate;
}

const PING = '{"event":"PING"}';
const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const { text, binary, continuation, close, ping, pong } = OPCODE;

const protocolError = "closed 1002";
const badText = "closed 1007";
const tooBig = "closed 1009";

/** 5.2: reserved bits are 0 unless an extension was agreed on, and none is. */
const reservedBits: Violation[] = [1, 2, 3, 4, 5, 6, 7].map((reserved) => ({
  what: `reserved bits ${reserved.toString(2).padStart(3, "0")}`,
  section: "5.2",
  sends: [frame(text, PING, { reserved })],
  asks: protocolError,
}));

const reservedOpcodes: Violation[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
  what: `reserved opcode ${opcode}`,
  section: "5.2",
  sends: [frame(opcode, PING)],
  asks: protocolError,
}));

/** 5.1: a server must close the connection upon a frame that is not masked. */
const unmasked: Violation[] = Object.entries({ text, binary, continuation, close, ping, pong }).map(
  ([name, opcode]) => ({
    what: `an unmasked ${name} frame`,
    section: "5.1",
    sends: [frame(opcode, opcode === close ? bytes(3, 232) : PING, { masked: false })],
    asks: protocolError,
  }),
);

/** 8.1: text that is no UTF-8 fails the connection. */
const badUtf8: Violation[] = Object.entries({
  "an overlong slash": bytes(0xc0, 0xaf),
  "an overlong NUL": bytes(0xe0, 0x80, 0x80),
  "a byte that continues nothing": bytes(0x80),
  "half a surrogate pair": bytes(0xed, 0xa0, 0x80),
  "a code point beyond the last": bytes(0xf4, 0x90, 0x80, 0x80),
  "a character that is cut off": bytes(0x61, 0xe2, 0x82),
  "the byte FE": bytes(0xfe),
  "five bytes for one character": bytes(0xf8, 0x88, 0x80, 0x80, 0x80),
}).map(([what, payload]) => ({
  what: `text with ${what}`,
  section: "8.1",
  sends: [frame(text, payload)],
  asks: badText,
}));

const badUtf8InParts: Violation = {
  what: "text whose bad UTF-8 is spread over two fragments",
  section: "8.1",
  sends: [frame(text, bytes(0xe2, 0x82), { fin: false }), frame(continuation, bytes(0x28))],
  asks: badText,
};

/** 5.5: control frames are whole and carry 125 bytes at most, written in the short form. */
const controlFrames: Violation[] = Object.entries({ close, ping, pong }).flatMap(([name, opcode]) => {
  const payload = opcode === close ? bytes(3, 232) : PING;
  const long = opcode === close ? Buffer.concat([bytes(3, 232), Buffer.alloc(124, "x")]) : "x".repeat(126);
  const row = (what: string, sent: Uint8Array): Violation => ({
    what,
    section: "5.5",
    sends: [sent],
    asks: protocolError,
  });
  return [
    row(`a fragmented ${name}`, frame(opcode, payload, { fin: false })),
    row(`a ${name} of 126 bytes`, frame(opcode, long)),
    row(`a ${name} of 70,000 bytes`, frame(opcode, Buffer.concat([bytes(3, 232), Buffer.alloc(69_998)]))),
    row(`a short ${name} with a 16-bit length`, frame(opcode, payload, { form: 16 })),
    row(`a short ${name} with a 64-bit length`, frame(opcode, payload, { form: 64 })),
  ];
});

/** 5.2: the least number of bytes must be used for a length, and the highest bit of 64 is 0. */
const lengths: Violation[] = [
  {
    what: "a 16-bit length where 7 bits hold it",
    section: "5.2",
    sends: [frame(text, PING, { form: 16 })],
    asks: protocolError,
    bunDiffers: "goes on",
  },
  {
    what: "a 64-bit length where 7 bits hold it",
    section: "5.2",
    sends: [frame(text, PING, { form: 64 })],
    asks: protocolError,
    bunDiffers: "goes on",
  },
  {
    what: "a 64-bit length where 16 bits hold it",
    section: "5.2",
    sends: [frame(text, PING.padEnd(300), { form: 64 })],
    asks: protocolError,
    bunDiffers: "goes on",
  },
  {
    what: "a length with the high bit set",
    section: "5.2",
    sends: [frame(text, PING, { form: 64, length: (1n << 63n) | 16n })],
    asks: protocolError,
    bunDiffers: tooBig,
  },
  {
    what: "a length of all ones",
    section: "5.2",
    sends: [frame(text, PING, { form: 64, length: (1n << 64n) - 1n })],
    asks: protocolError,
    bunDiffers: tooBig,
  },
];

/** 10.4: a message that is too large for the server; what is promised counts, not what came. */
const tooLarge: Violation[] = [
  ...[1n << 62n, (1n << 32n) + 16n, 1n << 31n, 65_537n].map(
    (length): Violation => ({
      what: `a frame that promises ${length} bytes`,
      section: "10.4",
      sends: [frame(text, PING, { form: 64, length })],
      asks: tooBig,
    }),
  ),
  {
    what: "fragments that come to more than a message may",
    section: "10.4",
    sends: [
      frame(text, "a".repeat(40_000), { fin: false }),
      frame(continuation, "a".repeat(40_000), { fin: false }),
    ],
    asks: tooBig,
  },
];

/** A payload that is not as long as its header says: what follows is then read as what it is not. */
const lies: Violation[] = [
  {
    what: "a length of 0 before 16 bytes",
    section: "5.2",
    sends: [frame(text, PING, { length: 0n })],
    asks: protocolError,
  },
  {
    what: "a length that is a byte short",
    section: "5.2",
    sends: [frame(text, PING, { length: 15n })],
    asks: protocolError,
  },
  {
    what: "a length that is a byte too much",
    section: "8.1",
    sends: [frame(text, PING, { length: 17n })],
    asks: badText,
  },
];

/** 5.4: a continuation continues something, and messages are not interleaved. */
const fragments: Violation[] = [
  { what: "a continuation of nothing", sends: [frame(continuation, PING)] },
  {
    what: "a continuation of nothing that has more to come",
    sends: [frame(continuation, PING, { fin: false })],
  },
  { what: "a continuation of a whole message", sends: [frame(text, PING), frame(continuation, PING)] },
  { what: "a continuation after the last one", sends: [...inTwo(), frame(continuation, PING)] },
  { what: "a text inside a fragmented text", sends: [unfinished(), frame(text, PING)] },
  { what: "a binary inside a fragmented text", sends: [unfinished(), frame(binary, PING)] },
  { what: "a second fragmented text inside the first", sends: [unfinished(), unfinished()] },
].map((row) => ({ ...row, section: "5.4", asks: protocolError }));

function unfinished(): Uint8Array {
  return frame(text, '{"event":', { fin: false });
}

function inTwo(): Uint8Array[] {
  return [unfinished(), frame(continuation, '"PING"}')];
}

/** 7.4: close codes that must not stand in a close frame. */
const closeCodes: Violation[] = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
  (code) => ({
    what: `a close with the code ${code}`,
    section: "7.4",
    sends: [closeFrame(code)],
    asks: protocolError,
  }),
);

const closePayloads: Violation[] = [
  { what: "a close of 1 byte", section: "5.5.1", sends: [frame(close, bytes(3))], asks: protocolError },
  {
    what: "a close whose reason is an overlong slash",
    section: "5.5.1",
    sends: [closeFrame(1000, bytes(0xc0, 0xaf))],
    asks: badText,
  },
  {
    what: "a close whose reason is cut off",
    section: "5.5.1",
    sends: [closeFrame(1000, bytes(0x61, 0xe2, 0x82))],
    asks: badText,
  },
];

/** 5.5.1: a close is answered by one close, whatever follows it. */
const afterClose: Violation[] = [
  { what: "a text after a close", sends: [closeFrame(1000), frame(text, PING)] },
  { what: "a ping after a close", sends: [closeFrame(1000), frame(ping, "x")] },
  { what: "a second close after the first", sends: [closeFrame(1000), closeFrame(1001)] },
  { what: "a reserved opcode after a close", sends: [closeFrame(1000), frame(3, "x")] },
].map((row) => ({ ...row, section: "5.5.1", asks: "closed 1000" }) as const);

/** 7.1.5: a connection that ends without a close frame has no code to be told. */
const earlyEnds: Violation[] = [
  { what: "an end in the middle of a header", sends: [bytes(0x81)] },
  { what: "an end in the middle of a payload", sends: [frame(text, PING).slice(0, 10)] },
  { what: "an end in the middle of a fragmented text", sends: [unfinished()] },
  { what: "an end without a close frame", sends: [] },
].map((row) => ({ ...row, section: "7.1.5", finishes: true, asks: "dropped" }) as const);

const foreign: Violation[] = [
  { what: "an HTTP request", sends: [Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")] },
  {
    what: "a TLS greeting",
    sends: [bytes(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03)],
  },
].map((row) => ({ ...row, section: "5.2", asks: protocolError }));

/** Every violation of an open socket that the suite tries. */
export const VIOLATIONS: readonly Violation[] = [
  ...reservedBits,
  ...reservedOpcodes,
  ...unmasked,
  ...badUtf8,
  badUtf8InParts,
  ...controlFrames,
  ...lengths,
  ...tooLarge,
  ...lies,
  ...fragments,
  ...closeCodes,
  ...closePayloads,
  ...afterClose,
  ...earlyEnds,
  ...foreign,
];
