import { posix } from "node:path";
import type { Tree } from "./tree.ts";

const INNER = ["core", "ports", "protocol", "ids", "config"];
const APPLICATION = [...INNER, "log", "hub", "observe", "presence"];
/** What stands on a port: it knows the domain, the interface that it fills, and no other adapter. */
const ADAPTER = ["core", "ports", "protocol/ids"];
const STORE = [...ADAPTER, "store/follows", "store/next-of", "store/commands-in", "store/user-changes"];

/**
 * Who may import what: a room of the house, or one file of it, and the beginnings of the paths that it may name, from
 * src, or from the project for protocol, client, examples and web. A room may always import itself; `type:` allows types alone. Where
 * several rooms fit a file, the longest counts. docs: design.md, "Rooms of the house".
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  protocol: ["core/ids", "core/session"],
  core: [],
  ports: ["core"],
  ids: ["core"],
  config: ["core"],
  log: ["core", "ports", "protocol", "ids"],
  observe: ["core", "ports", "config", "log"],
  hub: [...APPLICATION, "commands"],
  presence: [...INNER, "log", "hub"],
  commands: APPLICATION,
  dialects: [...APPLICATION, "commands"],
  video: [...APPLICATION, "commands"],
  http: [...APPLICATION, "commands", "web/static"],
  store: ["core", "ports"],
  "store/memory": [...STORE, "store/nodes-here"],
  "store/sqlite": [...STORE, "store/nodes-here"],
  "store/mongo": STORE,
  "bus/memory": ADAPTER,
  "bus/none": ADAPTER,
  "bus/redis": ADAPTER,
  "bus/redis-windows": ADAPTER,
  "bus/redis-answer": ADAPTER,
  cluster: APPLICATION,
  identity: ADAPTER,
  runtime: [...ADAPTER, "config", "hub", "observe", "type:dialects"],
  move: ["core", "ports", "log"],
  cli: [...APPLICATION, "commands", "move"],
  wiring: [...APPLICATION, "commands", "dialects", "cluster", "type:runtime"],
  server: [...APPLICATION, "commands", "dialects", "http", "cluster", "wiring", "type:runtime"],
  main: [""],
  client: ["type:protocol/v1", "type:protocol/room"],
  examples: [],
  web: ["protocol", "client"],
};

/** The packages, Node's and Bun's own among them, for the rooms that may not have all. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: [],
  protocol: ["zod"],
  client: [],
  examples: [],
};

/** What breaks the table, a sentence each. */
export function arrowFaults(tree: Tree): string[] {
  return [...tree].flatMap(([path, source]) => {
    const room = roomOf(insideSrc(path));
    if (room === undefined) return [`${path} is in no room: give its folder a line in ARROWS.`];
    return importsOf(path, source).flatMap((found) => faultOf(path, room, found) ?? []);
  });
}

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function faultOf(path: string, room: string, { from, typeOnly }: Import): string | null {
  if (!from.startsWith(".")) {
    const known = PACKAGES[room];
    if (!known || known.includes(from)) return null;
    return `${path} imports the package ${from}: ${room} may import ${listed(known)}.`;
  }
  const target = insideSrc(posix.join(posix.dirname(path), from));
  if (roomOf(target) === room) return null;
  const allowed = ARROWS[room] ?? [];
  const names = allowed.filter((name) => typeOnly || !name.startsWith("type:"));
  if (names.some((name) => target.startsWith(name.replace("type:", "")))) return null;
  return `${path} imports ${target}: ${room} may import ${listed(allowed)} and itself.`;
}

const listed = (names: readonly string[]): string => names.join(", ") || "nothing";
const insideSrc = (path: string): string => path.replace(/^src\//, "");

/** The longest name of the table that the path lies in. */
function roomOf(path: string): string | undefined {
  const within = (name: string) => path.startsWith(`${name}/`) || path === `${name}.ts`;
  return Object.keys(ARROWS)
    .filter(within)
    .toSorted((a, b) => b.length - a.length)[0];
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s)?(?:[^"'`;]*?\bfrom\s*)?["']([^"']+)["']/gm;
const EXPRESSION = /\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g;
const transpilers = { ts: new Bun.Transpiler({ loader: "ts" }), tsx: new Bun.Transpiler({ loader: "tsx" }) };

/** Every import of a file; the transpiler sees what the patterns might miss, but not the types. */
function importsOf(path: string, source: string): Import[] {
  const statements = [...source.matchAll(STATEMENT)].map(([, type, from = ""]) => ({
    from,
    typeOnly: Boolean(type),
  }));
  const expressions = [...source.matchAll(EXPRESSION)].map(([, from = ""]) => ({ from, typeOnly: false }));
  const found = [...statements, ...expressions];
  const missed = transpilers[path.endsWith(".tsx") ? "tsx" : "ts"]
    .scanImports(source)
    .filter(({ path }) => !found.some(({ from }) => from === path))
    .map(({ path }) => ({ from: path, typeOnly: false }));
  return [...found, ...missed];
}
