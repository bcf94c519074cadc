import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { z } from "zod";
import { SCREENS } from "../../protocol/screens.ts";
import { ROUTES } from "../../src/http/app.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { built, builtPage, scriptOf } from "./built.ts";

setDefaultTimeout(60_000);
let server: TestServer;
let page: string;
beforeAll(async () => {
  page = await builtPage();
  server = await startServer();
});
afterAll(() => server?.dispose());

/** Bun's own fetch would unpack what it gets, and ask for what it can unpack. */
const packed = (path: string, accepted: string) =>
  fetch(server.url + path, { headers: { "Accept-Encoding": accepted }, decompress: false });

test("WB1 each screen's path serves the app, and every other unknown path stays a JSON 404", async () => {
  for (const path of Object.values(SCREENS)) {
    const answer = await fetch(server.url + path.replaceAll(/:\w+/g, "65f1a2b3c4d5e6f708192b01"));
    expect({ path, status: answer.status, text: await answer.text() }).toEqual({
      path,
      status: 200,
      text: page,
    });
  }
  for (const path of [
    "/nowhere",
    "/index.html",
    "/classes",
    "/classes/",
    "/sign-in/",
    "/assets",
    "/assets/",
    "/SIGN-IN",
  ]) {
    const answer = await fetch(server.url + path);
    expect({ path, status: answer.status, body: await answer.json() }).toEqual({
      path,
      status: 404,
      body: { success: false, error: "Not found" },
    });
  }
});

test("WB1 no screen takes a path of the API", () => {
  const shape = (path: string) => path.replaceAll(/:\w+/g, ":");
  const ofApi = ROUTES.filter(({ method }) => method === "GET").map(({ path }) => shape(path));
  expect(Object.values(SCREENS).filter((path) => ofApi.includes(shape(path)))).toEqual([]);
});

test("WB2 the page allows no inline script and nothing from elsewhere, and is asked for anew each time", async () => {
  const answer = await fetch(`${server.url}/`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toStartWith("default-src 'self';");
  expect(policy).not.toMatch(/script-src|unsafe-eval|https?:|\*/);
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const etag = answer.headers.get("etag") ?? "";
  const again = await fetch(`${server.url}/account`, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|%[A-Z]+%/);
  expect(page.match(/(?:src|href)="(?!\/)[^"]*"/g)).toBeNull();
});

test("WB3 a file whose name has a hash is kept for ever, and comes in the smallest form that is taken", async () => {
  const path = scriptOf(page);
  const plain = Buffer.from(await (await packed(path, "identity")).arrayBuffer());
  const forms: [accepted: string, encoding: string | null, unpack: (bytes: Buffer) => Buffer][] = [
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip, deflate", "gzip", gunzipSync],
    ["br;q=0, gzip;q=0.5", "gzip", gunzipSync],
    ["identity", null, (bytes) => bytes],
  ];
  for (const [accepted, encoding, unpack] of forms) {
    const answer = await packed(path, accepted);
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(answer.headers.get("vary")).toBe("Accept-Encoding, Origin");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(unpack(Buffer.from(await answer.arrayBuffer())).equals(plain)).toBe(true);
  }
});

test("WB3 every file of the build but the page and its worker has its hash in its name", async () => {
  const names = [...new Bun.Glob("*").scanSync(await built())];
  const plain = names.filter(
    (name) => !/-[a-z0-9]{8,}\.(js|css|json|webmanifest|png)(\.br|\.gz)?$/.test(name),
  );
  expect(plain.toSorted()).toEqual(["index.html", "service-worker.js"]);
});

test("WB3 the worker stands at the root alone, and browsers ask each time whether it is another", async () => {
  const answer = await fetch(`${server.url}/service-worker.js`);
  expect(answer.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const etag = answer.headers.get("etag") ?? "";
  const again = await fetch(`${server.url}/service-worker.js`, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  expect((await fetch(`${server.url}/assets/service-worker.js`)).status).toBe(404);
});

test("WB8 the app can be installed: a manifest, and icons of the sizes that it says", async () => {
  const [, path = ""] = /<link rel="manifest" href="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(server.url + path);
  expect(answer.headers.get("content-type")).toBe("application/manifest+json");
  const manifest = Manifest.parse(await answer.json());
  expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    "192x192 any",
    "512x512 any",
    "512x512 maskable",
  ]);
  for (const { src, sizes } of manifest.icons) {
    const png = Buffer.from(await (await fetch(server.url + src)).arrayBuffer());
    // Width and height stand in the first chunk.
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
});

const Manifest = z.object({
  start_url: z.literal("/"),
  display: z.literal("standalone"),
  icons: z.array(z.object({ src: z.string(), sizes: z.string(), purpose: z.string().default("any") })),
});
