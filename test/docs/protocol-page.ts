import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { retryAfter } from "../../client/backoff.ts";
import { CLOSE, clientFrame, event, helloFrame, serverFrame } from "../../protocol/v1.ts";

/** The close codes that the contract knows, beside our own. */
const CODES = [1006, 1008, 1009, 1011, 1012, 1013, ...Object.values(CLOSE)];

interface Block {
  readonly side: string | undefined;
  readonly text: string;
}

/** A row of a table: its first cell is a code. */
interface Row {
  readonly code: string;
  readonly cells: readonly string[];
}

/** What is wrong with docs/PROTOCOL.md, a sentence each. */
export function pageFaults(page: string): string[] {
  const blocks = blocksOf(page);
  return [
    ...blocks.flatMap(({ side, text }) => frameFault(side, text) ?? []),
    ...missingTypes(blocks),
    ...closeFaults(rowsOf(page)),
  ];
}

/** The frames of the page, each with the side that its comment names. */
function blocksOf(page: string): Block[] {
  return [...page.matchAll(/(?:<!-- (\w+) -->\n)?```json\n(.*?)\n```/gs)].map(([, side, text = ""]) => ({
    side,
    text,
  }));
}

/** The refusals that the page has, by its tables. */
export const codesIn = (page: string): string[] =>
  rowsOf(page).flatMap(({ code }) => (/^[a-z]+(-[a-z]+)+$|^internal$/.test(code) ? code : []));

const rowsOf = (page: string): Row[] =>
  page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .map(([code = "", ...cells]) => ({ code: code.replaceAll("`", ""), cells }));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const typeOf = (text: string): unknown => {
  const frame = parsed(text);
  return typeof frame === "object" && frame !== null && "type" in frame ? frame.type : undefined;
};

/** A frame that its side's schema does not take as it stands. */
function frameFault(side: string | undefined, text: string): string | null {
  const schema = schemaOf(side, typeOf(text));
  if (!schema) return `Neither <!-- client --> nor <!-- server --> stands above ${text.slice(0, 60)}`;
  const { data, error } = schema.safeParse(parsed(text));
  if (error) return `The ${side} frame ${text.slice(0, 60)} is none: ${error.issues[0]?.message}`;
  return isDeepStrictEqual(data, parsed(text))
    ? null
    : `The ${side} frame ${text.slice(0, 60)} has fields that are none`;
}

function schemaOf(side: string | undefined, type: unknown) {
  if (side === "server") return serverFrame;
  if (side !== "client") return undefined;
  return type === "hello" ? helloFrame : clientFrame;
}

/** The types that a union of frames knows, also by unions in it. */
function typesIn(union: z.core.$ZodType): string[] {
  if (union instanceof z.ZodDiscriminatedUnion) return union.options.flatMap(typesIn);
  const type = union instanceof z.ZodObject ? union.shape.type : undefined;
  return type instanceof z.ZodLiteral ? [String(type.value)] : [];
}

/** Every type of frame and of event that the page has no example of. */
function missingTypes(blocks: readonly Block[]): string[] {
  const known = { client: ["hello", ...typesIn(clientFrame)], server: typesIn(serverFrame) };
  const shown = (side: string) =>
    blocks.filter((block) => block.side === side).map(({ text }) => typeOf(text));
  const missing = (side: keyof typeof known) => known[side].filter((type) => !shown(side).includes(type));
  const events = event.options.map(({ shape }) => shape.type.value);
  const inEvents = blocks
    .filter(({ text }) => typeOf(text) === "events")
    .map(({ text }) => text)
    .join("\n");
  return [
    ...missing("client").map((type) => `There is no client frame ${type}.`),
    ...missing("server").map((type) => `There is no server frame ${type}.`),
    ...events
      .filter((type) => !inEvents.includes(`"type": "${type}"`))
      .map((type) => `There is no event ${type}.`),
  ];
}

/** What our client does after a code, as the last column of the table says it. */
const WORDS = {
  soon: /^soon\b/,
  later: /^later\b/,
  never: /^never\b/,
  "with-new-credentials": /^with new credentials\b/,
};

/** Close codes that stand nowhere, or of which the page says something else than our client does. */
function closeFaults(rows: readonly Row[]): string[] {
  const codes = new Map(
    rows.filter(({ code }) => /^\d{4}$/.test(code)).map(({ code, cells }) => [Number(code), cells]),
  );
  const missing = CODES.filter((code) => !codes.has(code)).map((code) => `There is no close code ${code}.`);
  const wrong = [...codes].filter(([code, cells]) => !WORDS[retryAfter(code)].test(cells.at(-1) ?? ""));
  return [...missing, ...wrong.map(([code]) => `The client does something else after ${code}.`)];
}
