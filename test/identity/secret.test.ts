import { afterEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartError } from "../../src/core/start-error.ts";
import { loadSecret } from "../../src/identity/secret.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-secret-"));
  folders.push(folder);
  return folder;
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("O25 the secret is 32 random bytes, made once and readable by its owner alone", () => {
  const folder = join(newFolder(), "data");
  const secret = loadSecret(folder);
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(loadSecret(folder)).toBe(secret);
  expect(readFileSync(join(folder, "jwt-secret"), "utf8").trim()).toBe(secret);
  expect(modeOf(join(folder, "jwt-secret"))).toBe("600");
  expect(readdirSync(folder)).toEqual(["jwt-secret"]);
  expect(loadSecret(newFolder())).not.toBe(secret);
});

test("O25 a configured secret is used as it is, and none is kept", () => {
  const folder = newFolder();
  expect(loadSecret(folder, "from the environment")).toBe("from the environment");
  expect(readdirSync(folder)).toEqual([]);
});

test("O25 a secret that others could read is closed to them", () => {
  const folder = newFolder();
  const secret = loadSecret(folder);
  chmodSync(join(folder, "jwt-secret"), 0o644);
  expect(loadSecret(folder)).toBe(secret);
  expect(modeOf(join(folder, "jwt-secret"))).toBe("600");
});

test.each(["", "\n", "short"])(
  "O26 a secret file with %p in it is refused in a sentence, not replaced",
  (text) => {
    const folder = newFolder();
    writeFileSync(join(folder, "jwt-secret"), text);
    expect(() => loadSecret(folder)).toThrow(StartError);
    expect(() => loadSecret(folder)).toThrow("is empty or cut short");
    expect(readFileSync(join(folder, "jwt-secret"), "utf8")).toBe(text);
  },
);

test("O26 a secret file that cannot be read is refused in a sentence", () => {
  const folder = newFolder();
  mkdirSync(join(folder, "jwt-secret"));
  expect(() => loadSecret(folder)).toThrow(StartError);
  expect(() => loadSecret("/proc/rollcall")).toThrow(StartError);
});
