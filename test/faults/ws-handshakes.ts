import type { HandshakeChange } from "./handshake.ts";

/** What becomes of a handshake: an answer of HTTP, an upgrade, or an end without a word. */
export type Reply = number | "upgraded" | "dropped";

/** An opening handshake that a client must not send, by RFC 6455, 4.1. */
export interface BadHandshake {
  readonly what: string;
  readonly sends: HandshakeChange;
  /** The standard asks for an error, 400 where it names none; this is the one that comes unless told otherwise. */
  readonly asks: 400 | 405 | 426 | 501 | 505;
  /** What comes where Bun itself answers otherwise. */
  readonly bunDiffers?: Reply;
}

const versions: BadHandshake[] = ["", "0", "8", "12", "14", "013", "13, 8", "thirteen"].map((version) => ({
  what: `version ${JSON.stringify(version)}`,
  sends: { headers: { "Sec-WebSocket-Version": version } },
  asks: 426,
}));

/** 4.1: the key is 16 bytes in base64, which are 24 characters. */
const keys: BadHandshake[] = Object.entries({
  "of no characters": "",
  "of 10 bytes": "dGhlIHNhbXBsZQ==",
  "of 18 bytes": "AAAAAAAAAAAAAAAAAAAAAAAA",
  "of 20 bytes": "dGhlIHNhbXBsZSBub25jZTEyMzQ=",
  "without its padding": "dGhlIHNhbXBsZSBub25jZQ",
  "with its padding in the middle": "dGhlIHNhbXBsZSBub25jZQ=A",
  "with a space": "dGhl IHNhbXBsZSBub25jZQ=",
  "of the URL alphabet": "-_-_IHNhbXBsZSBub25jZQ==",
  "of no alphabet": "!!!!IHNhbXBsZSBub25jZQ==",
}).map(([what, key]) => ({
  what: `a key ${what}`,
  sends: { headers: { "Sec-WebSocket-Key": key } },
  asks: 400,
}));

const missing: BadHandshake[] = [
  { what: "no Host", sends: { headers: { Host: null } }, asks: 400 },
  { what: "no Upgrade", sends: { headers: { Upgrade: null } }, asks: 426 },
  { what: "no version", sends: { headers: { "Sec-WebSocket-Version": null } }, asks: 426 },
  { what: "no key", sends: { headers: { "Sec-WebSocket-Key": null } }, asks: 400 },
  { what: "no Connection", sends: { headers: { Connection: null } }, asks: 400, bunDiffers: "upgraded" },
];

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

const twice: BadHandshake[] = [
  { what: "two versions", sends: { headers: { "Sec-WebSocket-Version": ["13", "13"] } }, asks: 426 },
  { what: "two keys", sends: { headers: { "Sec-WebSocket-Key": [KEY, KEY] } }, asks: 400 },
  { what: "two Hosts", sends: { headers: { Host: ["a", "b"] } }, asks: 400, bunDiffers: "upgraded" },
];

const garbled: BadHandshake[] = [
  { what: "an Upgrade to h2c", sends: { headers: { Upgrade: "h2c" } }, asks: 426 },
  { what: "an Upgrade to websocketx", sends: { headers: { Upgrade: "websocketx" } }, asks: 426 },
  { what: "a Host that is none", sends: { headers: { Host: "a b/@" } }, asks: 400 },
  { what: "a header on two lines", sends: { lines: ["X-Note: a", " b"] }, asks: 400 },
  { what: "a header without a colon", sends: { lines: ["nonsense"] }, asks: 400 },
  { what: "a space before a colon", sends: { lines: ["X-Note : a"] }, asks: 400 },
  { what: "a header with a NUL", sends: { lines: ["X-Note: a\0b"] }, asks: 400 },
  ...["keep-alive", "close", "nonsense"].map(
    (value): BadHandshake => ({
      what: `a Connection of ${value} alone`,
      sends: { headers: { Connection: value } },
      asks: 400,
      bunDiffers: "upgraded",
    }),
  ),
];

/** 4.1: the method is GET, and HTTP at least 1.1. */
const requestLines: BadHandshake[] = [
  ...["POST", "PUT", "HEAD", "OPTIONS", "DELETE"].map(
    (method): BadHandshake => ({ what: `the method ${method}`, sends: { method }, asks: 405 }),
  ),
  { what: "the method get", sends: { method: "get" }, asks: 501, bunDiffers: "dropped" },
  { what: "a method that nobody knows", sends: { method: "BREW" }, asks: 501, bunDiffers: "dropped" },
  { what: "HTTP/1.0", sends: { version: "HTTP/1.0" }, asks: 400, bunDiffers: "upgraded" },
  { what: "HTTP/2.0", sends: { version: "HTTP/2.0" }, asks: 505 },
  { what: "HTTP/0.9, which has no version", sends: { version: "" }, asks: 505 },
  { what: "http/1.1 in small letters", sends: { version: "http/1.1" }, asks: 505 },
];

/** Every bad handshake that the suite tries. */
export const BAD_HANDSHAKES: readonly BadHandshake[] = [
  ...versions,
  ...keys,
  ...missing,
  ...twice,
  ...garbled,
  ...requestLines,
];
