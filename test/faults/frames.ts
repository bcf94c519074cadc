/** The opcodes of RFC 6455, 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FIN = 0x80;
const MASK = 0x80;
const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

export interface FrameOptions {
  /** Whether it is the message's last; it is unless told otherwise. */
  readonly fin?: boolean;
  /** The three reserved bits, as a number up to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** In how many bits the length is written; the least that hold it unless told otherwise. */
  readonly form?: 7 | 16 | 64;
  /** What the header says the length is; the payload's own unless it lies. */
  readonly length?: bigint;
}

/** A frame as a client sends it, right or wrong as told; a payload of text is UTF-8. */
export function frame(opcode: number, payload: string | Uint8Array, options: FrameOptions = {}): Uint8Array {
  const { fin = true, reserved = 0, masked = true } = options;
  const body = Buffer.from(payload);
  const length = options.length ?? BigInt(body.length);
  const first = (fin ? FIN : 0) | (reserved << 4) | opcode;
  const header = lengthBytes(length, options.form ?? shortestForm(length));
  header[0] = (header[0] ?? 0) | (masked ? MASK : 0);
  const sent = masked ? Buffer.concat([KEY, body.map((byte, at) => byte ^ (KEY[at % 4] ?? 0))]) : body;
  return Buffer.concat([Uint8Array.of(first), header, sent]);
}

const shortestForm = (length: bigint): 7 | 16 | 64 => (length < 126n ? 7 : length < 65_536n ? 16 : 64);

function lengthBytes(length: bigint, form: 7 | 16 | 64): Buffer {
  if (form === 7) return Buffer.of(Number(length));
  const bytes = Buffer.alloc(form === 16 ? 3 : 9);
  bytes.writeUInt8(form === 16 ? 126 : 127, 0);
  if (form === 16) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

/** A close frame with this code and reason. */
export const closeFrame = (code: number, reason: string | Uint8Array = "", options: FrameOptions = {}) =>
  frame(OPCODE.close, Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), Buffer.from(reason)]), options);

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The whole frames that a server sent, which masks none. */
export const framesIn = (bytes: Buffer): ServerFrame[] => takeFrames(bytes).frames;

/** The whole frames that a server sent, and what is left of the next. */
export function takeFrames(bytes: Buffer): { frames: ServerFrame[]; rest: Buffer } {
  const frames: ServerFrame[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const short = bytes.readUInt8(at + 1) & 0x7f;
    const header = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (at + header > bytes.length) break;
    const end = at + header + lengthAt(bytes, at, short);
    if (end > bytes.length) break;
    frames.push({ opcode: bytes.readUInt8(at) & 0x0f, payload: bytes.subarray(at + header, end) });
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

function lengthAt(bytes: Buffer, at: number, short: number): number {
  if (short === 126) return bytes.readUInt16BE(at + 2);
  return short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
}
