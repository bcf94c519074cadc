import { describe, expect, test } from "bun:test";
import { arrowFaults } from "./arrows.ts";
import { readTree, treeOf } from "./tree.ts";

test("O30 imports follow the arrows of the table", () => {
  expect(arrowFaults(readTree(["src", "protocol", "client", "examples", "web"], "*.{ts,tsx}"))).toEqual([]);
});

test("O30 Bun.serve is named in one file, and bun:sqlite in the store that stands on it", () => {
  const naming = (word: string) =>
    [...readTree(["src"])].flatMap(([path, text]) => (text.includes(word) ? path : []));
  expect(naming("Bun.serve")).toEqual(["src/runtime/bun.ts"]);
  expect(naming('"bun:sqlite"').filter((path) => !path.startsWith("src/store/sqlite/"))).toEqual([]);
});

describe("O30 the check finds", () => {
  const wrong: [string, string, string][] = [
    ["core with a package", "src/core/a.ts", 'import { z } from "zod";'],
    ["core with a part of Node", "src/core/a.ts", 'import "node:fs";'],
    ["core outside itself", "src/core/a.ts", 'export * from "../ports/store.ts";'],
    [
      "core outside itself, for a type",
      "src/core/session/a.ts",
      'import type { B } from "../../ports/b.ts";',
    ],
    ["an import over several lines", "src/ports/a.ts", 'import {\n  a,\n  b,\n} from "../hub/hub.ts";'],
    ["an import in an expression", "src/ports/a.ts", 'const hub = await import("../hub/hub.ts");'],
    ["a type in an expression", "src/ports/a.ts", 'type Hub = import("../hub/hub.ts").Hub;'],
    ["a command that knows HTTP", "src/commands/a.ts", 'import { app } from "../http/app.ts";'],
    ["a command that knows a store", "src/commands/a.ts", 'import { open } from "../store/sqlite/index.ts";'],
    ["one adapter in another", "src/identity/a.ts", 'import { serve } from "../runtime/bun.ts";'],
    ["one store in another", "src/store/memory/a.ts", 'import { open } from "../sqlite/index.ts";'],
    ["HTTP with an adapter", "src/http/a.ts", 'import { b } from "../identity/b.ts";'],
    ["the command line with an adapter", "src/cli/a.ts", 'import { serve } from "../runtime/bun.ts";'],
    ["more of an adapter than its types", "src/server.ts", 'import { serve } from "./runtime/bun.ts";'],
    ["the protocol with more than ids", "protocol/a.ts", 'import { REFUSALS } from "../src/core/errors.ts";'],
    [
      "the client with more of the protocol than its types",
      "client/a.ts",
      'import { CLOSE } from "../protocol/v1.ts";',
    ],
    ["the client with a package", "client/a.ts", 'import { z } from "zod";'],
    ["the client with the server", "client/a.ts", 'import type { Hub } from "../src/hub/hub.ts";'],
    ["an example with anything of ours", "examples/a.ts", 'import { connect } from "../client/index.ts";'],
    ["the web app with the server", "web/a.tsx", 'import { REFUSALS } from "../src/core/errors.ts";'],
    ["a folder that is not in the table", "src/helpers/a.ts", ""],
    ["an adapter outside the known ones", "src/bus/nats/a.ts", ""],
  ];
  test.each(wrong)("%s", (_, path, source) => {
    const [fault, ...more] = arrowFaults(treeOf({ [path]: source }));
    expect(fault).toStartWith(path);
    expect(more).toEqual([]);
  });
});

test("O30 the check says which arrow is wrong and what would be right", () => {
  const tree = treeOf({ "src/ports/clock.ts": 'import { hub } from "../hub/hub.ts";' });
  expect(arrowFaults(tree)).toEqual([
    "src/ports/clock.ts imports hub/hub.ts: ports may import core and itself.",
  ]);
});

test("O30 the check lets pass what the table allows", () => {
  const tree = treeOf({
    "src/main.ts": 'import { open } from "./store/sqlite/index.ts";',
    "src/server.ts": 'import type { Runtime } from "./runtime/bun.ts";',
    "src/http/app.ts": 'import { Hono } from "hono";\nimport { mark } from "../commands/mark.ts";',
    "src/core/a.ts": '// import { z } from "zod";\nimport { b } from "./session/b.ts";',
    "protocol/plain.ts":
      'import { z } from "zod";\nimport type { Status } from "../src/core/session/events.ts";',
  });
  expect(arrowFaults(tree)).toEqual([]);
});
