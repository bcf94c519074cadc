import { CLOSE, clientFrame, SUBPROTOCOL, serverFrame } from "../../../protocol/v1.ts";
import { type Dialect, messagesOf } from "./message.ts";
import { ROOM_SENT, ROOM_TOLD } from "./v1-room-messages.ts";
import { HELLO, SENT } from "./v1-sent.ts";
import { TOLD } from "./v1-told.ts";

const CLOSES = [
  [CLOSE.badFirstFrame, "the first frame is no hello"],
  [CLOSE.unauthorized, "the ticket or token is unknown, used or expired"],
  [CLOSE.unknownVersion, "a version that this server does not speak"],
  [CLOSE.noFirstFrame, "no hello within 10 seconds"],
] as const;
const closes = CLOSES.map(([code, why]) => `${code}, ${why}`).join("; ");

/** rollcall.v1: what our own client speaks, and anyone who wants certainty. */
export const v1Reference = (): Dialect => ({
  id: "v1",
  title: SUBPROTOCOL,
  address: "/ws",
  opening: {
    headers: {
      type: "object",
      required: ["Sec-WebSocket-Protocol"],
      properties: { "Sec-WebSocket-Protocol": { type: "string", const: SUBPROTOCOL } },
    },
  },
  about: [
    `Connect to \`/ws\` with the subprotocol \`${SUBPROTOCOL}\`, nothing in the URL, and say hello first. docs/PROTOCOL.md specifies this dialect so that anyone can implement it.`,
    "Every command has an id of the client's choice and is acknowledged once it is on disk; a resend does no harm. Every broadcast says which numbers it covers, so that a receiver always knows whether it is complete.",
    `Close codes of its own: ${closes}.`,
  ],
  messages: [
    HELLO,
    ...messagesOf("client", clientFrame, { ...SENT, ...ROOM_SENT }),
    ...messagesOf("server", serverFrame, { ...TOLD, ...ROOM_TOLD }),
  ],
});
