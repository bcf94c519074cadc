/** A mark that a teacher's socket sends. */
export interface Mark {
  /** Counts the load's marks: a command id of rollcall.v1. */
  readonly n: number;
  readonly session: string;
  readonly student: string;
  readonly status: "present" | "absent";
}

export type DialectName = "plain" | "v1" | "socket-io";

/** What a frame of the server is to the load: broadcast marks, acknowledgements, or something else. */
export interface Dialect {
  /** Path and query of a socket, and the subprotocol that it asks for. */
  path(token: string, room: string): string;
  readonly subprotocol?: string;
  /** What the client says once upgraded, null where nothing. */
  greeting(token: string): string | null;
  /** What a text says while the socket is being opened: it is open, it waits, or it has to answer. */
  opening(text: string): "open" | "wait" | { readonly answer: string };
  readonly openAtOnce: boolean;
  mark(mark: Mark): string;
  /** How many marks a broadcast frame carries; 0 where it is another frame. Looks at bytes, parses nothing. */
  marks(bytes: Uint8Array, at: number): number;
  /** Whether the frame acknowledges one mark of this very socket; undefined where its broadcast does. */
  readonly acknowledges?: (bytes: Uint8Array, at: number) => boolean;
  /** Which class a broadcast mark is of, by its first student's id: `school.ts` makes them so. */
  roomOf(bytes: Uint8Array, at: number): number;
  /** The students of a broadcast frame, parsed. */
  students(text: string): string[];
}

const code = (letter: string): number => letter.charCodeAt(0);
const [A, V, QUOTE, COMMA] = [code("A"), code("v"), code('"'), code(",")];

/** The number that eight hexadecimal digits stand for. */
function hex8(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let digit = 0; digit < 8; digit++) {
    const byte = bytes[at + digit] ?? 0;
    value = value * 16 + (byte < 58 ? byte - 48 : byte - 87);
  }
  return value;
}

interface PlainFrame {
  readonly data: { readonly studentId: string };
}

const PLAIN_HEAD = '{"event":"ATTENDANCE_MARKED","data":{"studentId":"'.length;

const plain: Dialect = {
  path: (token, room) => `/ws?token=${token}&room=${room}`,
  greeting: () => null,
  opening: () => "open",
  openAtOnce: true,
  mark: ({ student, status }) =>
    `{"event":"ATTENDANCE_MARKED","data":{"studentId":"${student}","status":"${status}"}}`,
  marks: (bytes, at) => (bytes[at + 10] === A ? 1 : 0),
  roomOf: (bytes, at) => hex8(bytes, at + PLAIN_HEAD),
  students: (text) => {
    const { data }: PlainFrame = JSON.parse(text);
    return [data.studentId];
  },
};

const SOCKET_IO_HEAD = '42["ATTENDANCE_MARKED",{"studentId":"'.length;

const socketIo: Dialect = {
  path: (token, room) => `/socket.io/?EIO=4&transport=websocket&token=${token}&room=${room}`,
  greeting: () => null,
  opening: (text) => (text.startsWith("40") ? "open" : text.startsWith("0") ? { answer: "40" } : "wait"),
  openAtOnce: false,
  mark: ({ student, status }) => `42["ATTENDANCE_MARKED",{"studentId":"${student}","status":"${status}"}]`,
  marks: (bytes, at) => (bytes[at + 4] === A ? 1 : 0),
  roomOf: (bytes, at) => hex8(bytes, at + SOCKET_IO_HEAD),
  students: (text) => {
    const [, data]: [string, PlainFrame["data"]] = JSON.parse(text.slice(2));
    return [data.studentId];
  },
};

const TYPE = '{"type":"'.length;

interface V1Events {
  readonly events: readonly { readonly type: string; readonly student?: string }[];
}

/** Where the digits of a number field begin after `"from":` and `"to":`, which stand in this order in every events frame. */
const EVENTS_FROM = `{"type":"events","session":"${"0".repeat(24)}","class":"${"0".repeat(24)}","from":`
  .length;

function rangeLength(bytes: Uint8Array, at: number): number {
  let [place, from, to] = [at + EVENTS_FROM, 0, 0];
  for (let byte = bytes[place] ?? COMMA; byte !== COMMA; byte = bytes[++place] ?? COMMA)
    from = from * 10 + byte - 48;
  place += ',"to":'.length;
  for (let byte = bytes[place] ?? COMMA; byte !== COMMA; byte = bytes[++place] ?? COMMA)
    to = to * 10 + byte - 48;
  return to - from + 1;
}

const v1: Dialect = {
  path: () => "/ws",
  subprotocol: "rollcall.v1",
  greeting: (token) => JSON.stringify({ type: "hello", token }),
  opening: (text) => (text.startsWith('{"type":"ready"') ? "open" : "wait"),
  openAtOnce: false,
  mark: ({ n, session, student, status }) =>
    `{"type":"mark","id":"${n}","session":"${session}","student":"${student}","status":"${status}"}`,
  marks: (bytes, at) =>
    bytes[at + TYPE] === code("e") && bytes[at + TYPE + 1] === V ? rangeLength(bytes, at) : 0,
  acknowledges: (bytes, at) => bytes[at + TYPE] === code("a") && bytes[at + TYPE + 3] === QUOTE,
  roomOf: () => -1,
  students: (text) => {
    const { events }: V1Events = JSON.parse(text);
    return events.flatMap(({ student }) => student ?? []);
  },
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { plain, v1, "socket-io": socketIo };

/** Whether a frame of any dialect says that something went wrong. */
export const isError = (text: string): boolean =>
  /^(?:42\["ERROR"|44|\{"event":"ERROR"|\{"type":"(?:error|refused)")/.test(text);
