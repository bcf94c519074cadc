import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { PAGES, ROUTES } from "../../src/http/app.ts";
import { startServer } from "../e2e/server.ts";

setDefaultTimeout(60_000);
const server = await startServer({ TRUST_PROXY: "127.0.0.1" });
afterAll(() => server.dispose());

const known = [
  ...new Set([...PAGES, ...ROUTES].map(({ path }) => path.replaceAll(/:\w+/g, "65f1a2b3c4d5e6f708192b01"))),
];
const odd = ["/nowhere", "/.env", "/admin", "/class/../admin/users", "/%2e%2e/secret"];

/** The sources that a directive of a policy allows, or those of default-src. */
function sources(policy: string, directive: string): string[] {
  const directives = new Map(
    policy.split(";").map((one) => {
      const [name = "", ...allowed] = one.trim().split(/\s+/);
      return [name, allowed] as const;
    }),
  );
  return directives.get(directive) ?? directives.get("default-src") ?? [];
}

test.each([...known, ...odd])("AT6 %s has every header that browsers heed", async (path) => {
  for (const method of ["GET", "POST"]) {
    const { headers } = await fetch(server.url + path, { method, headers: { "x-forwarded-proto": "https" } });
    const policy = headers.get("content-security-policy") ?? "";
    for (const unsafe of ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"])
      expect({ method, scripts: sources(policy, "script-src") }).not.toEqual({
        method,
        scripts: expect.arrayContaining([unsafe]),
      });
    expect({ method, from: sources(policy, "script-src").length > 0 }).toEqual({ method, from: true });
    expect(sources(policy, "frame-ancestors")).toEqual(["'none'"]);
    expect(sources(policy, "object-src")).toEqual(["'none'"]);
    expect(sources(policy, "base-uri")).toEqual(["'none'"]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toMatch(/^max-age=[1-9]\d{7}/);
    expect(headers.get("x-powered-by")).toBeNull();
  }
});

test("AT6 over http browsers are not held to https", async () => {
  expect((await fetch(server.url)).headers.get("strict-transport-security")).toBeNull();
});

test("AT6 PUBLIC_URL with https holds browsers to it without a proxy's word", async () => {
  const secure = await startServer({ PUBLIC_URL: "https://rollcall.school.test" });
  expect((await fetch(secure.url)).headers.get("strict-transport-security")).toMatch(/^max-age=/);
  await secure.dispose();
});

test("AT6 no page holds a script within itself", async () => {
  for (const path of known) {
    const response = await fetch(server.url + path);
    if (!response.headers.get("content-type")?.startsWith("text/html")) continue;
    const html = await response.text();
    expect({ path, inline: /<script(?![^>]*\bsrc=)|\son\w+\s*=|javascript:/i.test(html) }).toEqual({
      path,
      inline: false,
    });
  }
});

test("AT6 an address for sockets answers a browser with the headers that matter too", async () => {
  for (const path of ["/ws", "/socket.io/?EIO=4"]) {
    const { headers } = await fetch(server.url + path);
    expect({ path, sniffing: headers.get("x-content-type-options") }).toEqual({ path, sniffing: "nosniff" });
  }
});
