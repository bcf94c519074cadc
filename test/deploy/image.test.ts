import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Copy } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import packages from "../../package.json" with { type: "json" };
import { root } from "../architecture/tree.ts";
import { freePort } from "../services/ports.ts";
import { build, Container, dockerfile, flagOf, imageOf, stagesOf } from "./image.ts";

setDefaultTimeout(120_000);
const image = imageOf();
const folder = mkdtempSync(join(tmpdir(), "rollcall-image-"));
let made = "";

beforeAll(async () => {
  const home = join(folder, "home");
  mkdirSync(home);
  chmodSync(folder, 0o755);
  made = await build(folder, { PATH: process.env.PATH ?? "", HOME: home });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("DP1 the Dockerfile has no fault, and each stage has a base of a pinned line", () => {
  expect(validate(dockerfile)).toEqual([]);
  expect(validate(`${dockerfile}RUNN x`)).not.toEqual([]);
  for (const { base } of stagesOf()) expect(base).toMatch(/^[a-z]+:(\d+-)?trixie-slim$/);
});

test("DP1 the image's user is not root, and nothing comes between it and the server", () => {
  const [uid] = image.user.split(":");
  expect(Number(uid)).toBeGreaterThan(999);
  expect(image.start).toEqual(["/app/bun", "src/main.ts", "serve"]);
  expect(image.health[0]).toBe("/app/bun");
});

test("DP1 only what the image copies is sent to its builder", () => {
  const sent = readFileSync(join(root, ".dockerignore"), "utf8").match(/^[^#\n].*/gm) ?? [];
  const copies = stagesOf().flatMap(({ instructions }) => instructions.filter((one) => one instanceof Copy));
  const ours = copies.filter((one) => !flagOf(one, "from"));
  const wanted = ours.flatMap((one) => one.getArguments().slice(0, -1)).map((path) => `!${path.getValue()}`);
  expect(sent.toSorted()).toEqual(["*", ...wanted].toSorted());
});

test("DP2 the image's own commands, run by hand, install the pinned bun alone and no tool of ours", () => {
  const bun = Bun.spawnSync([join(made, "app", "bun"), "--version"]);
  expect(bun.stdout.toString().trim()).toBe(packages.dependencies.bun);
  for (const absent of ["bun", "@oven", "typescript", ".bin"])
    expect(existsSync(join(made, "app", "node_modules", absent))).toBe(false);
});

test("DP2 what they made serves, becomes healthy, keeps its data in the volume and ends on SIGTERM with 0", async () => {
  const PORT = String(freePort());
  const container = new Container(image, made, { PORT });
  try {
    await container.healthy();
    for (const path of ["/health", "/", "/static/index.html", "/docs"])
      expect((await fetch(`http://127.0.0.1:${PORT}${path}`)).status).toBe(200);
    expect(existsSync(join(made, "data", "rollcall.db"))).toBe(true);
    expect(await container.stop()).toBe(0);
  } finally {
    container.kill();
  }
});
