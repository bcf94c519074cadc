import { createHash, createHmac } from "node:crypto";

/** What an RTCPeerConnection takes for a TURN server. */
export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** Credentials for a user name, as whoever knows the secret makes them. */
export const credentialsOf = (username: string, secret: string): Credentials => ({
  username,
  credential: new Bun.CryptoHasher("sha1", secret).update(username).digest("base64"),
});

const ALLOCATE = 0x0003;
const ALLOCATED = 0x0103;
const COOKIE = 0x2112a442;
const [USERNAME, INTEGRITY, ERROR, REALM, NONCE, TRANSPORT] = [0x06, 0x08, 0x09, 0x14, 0x15, 0x19];
const UDP = Buffer.from([17, 0, 0, 0]);

type Attributes = ReadonlyMap<number, Buffer>;
interface Answer {
  readonly type: number;
  readonly attributes: Attributes;
}

/** An address that somebody had before is refused, and another is to be taken. */
const TRIES = 3;

/** Asks a TURN server on loopback for a relayed address; "allocated", or the code by which it refuses. Source: RFC 8656. */
export async function allocate(port: number, credentials: Credentials): Promise<"allocated" | number> {
  const refusals: unknown[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const outcome = await asking(port, async (ask) => {
      const answer = await ask(request([[TRANSPORT, UDP]]));
      const [realm, nonce] = [answer.attributes.get(REALM), answer.attributes.get(NONCE)];
      if (realm && nonce) return outcomeOf(await ask(withCredentials(realm, nonce, credentials)));
      refusals.push(outcomeOf(answer));
      return null;
    });
    if (outcome !== null) return outcome;
  }
  throw new Error(`the TURN server did not ask who it is, but said ${refusals}`);
}

function withCredentials(realm: Buffer, nonce: Buffer, { username, credential }: Credentials): Buffer {
  const key = createHash("md5").update(`${username}:${realm}:${credential}`).digest();
  const who: [number, Buffer][] = [
    [TRANSPORT, UDP],
    [USERNAME, Buffer.from(username)],
    [REALM, realm],
    [NONCE, nonce],
  ];
  return signed(who, key);
}

function outcomeOf({ type, attributes }: Answer): "allocated" | number {
  if (type === ALLOCATED) return "allocated";
  const error = attributes.get(ERROR);
  return (error?.[2] ?? 0) * 100 + (error?.[3] ?? 0);
}

function request(attributes: readonly [number, Buffer][], more = 0): Buffer {
  const body = Buffer.concat(attributes.map(([type, value]) => attribute(type, value)));
  const head = Buffer.alloc(20);
  head.writeUInt16BE(ALLOCATE, 0);
  head.writeUInt16BE(body.length + more, 2);
  head.writeUInt32BE(COOKIE, 4);
  crypto.getRandomValues(head.subarray(8));
  return Buffer.concat([head, body]);
}

/** The length that is signed counts the signature, of 24 bytes. */
function signed(attributes: readonly [number, Buffer][], key: Buffer): Buffer {
  const text = request(attributes, 24);
  return Buffer.concat([text, attribute(INTEGRITY, createHmac("sha1", key).update(text).digest())]);
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

type Ask = (message: Buffer) => Promise<Answer>;

/** A nonce is for the address that it was given to: both questions come from one. */
async function asking<T>(port: number, use: (ask: Ask) => Promise<T>): Promise<T> {
  let heard: (answer: Buffer) => void = () => undefined;
  const socket = await Bun.udpSocket({ socket: { data: (_, data) => heard(Buffer.from(data)) } });
  const ask = async (message: Buffer) => {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    // An answer to something else, sent twice or long ago, is none to this.
    heard = (answer) => answer.subarray(8, 20).equals(message.subarray(8, 20)) && resolve(answer);
    const send = () => void socket.send(message, port, "127.0.0.1");
    // A datagram may be lost.
    const timer = setInterval(send, 500);
    const late = setTimeout(() => reject(new Error("the TURN server did not answer")), 20_000);
    send();
    try {
      return parsed(await promise);
    } finally {
      clearInterval(timer);
      clearTimeout(late);
    }
  };
  try {
    return await use(ask);
  } finally {
    socket.close();
  }
}

function parsed(answer: Buffer): Answer {
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= answer.length; ) {
    const [type, length] = [answer.readUInt16BE(at), answer.readUInt16BE(at + 2)];
    attributes.set(type, answer.subarray(at + 4, at + 4 + length));
    at += 4 + length + padding(length);
  }
  return { type: answer.readUInt16BE(0), attributes };
}
