// Completes package-lock.json: `node scripts/lock.mjs`, after every `npm install NAME`.
// A registry that mirrors only a part of npm leaves the builds for other platforms out of the lock file, and
// `npm ci` of npm 11 then refuses it. Their versions are pinned by the package that wants them; platform and
// processor are in their names. Entries that npm wrote stay as they are.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./install.mjs";

const PLATFORMS = {
  ...Object.fromEntries(
    ["android", "darwin", "freebsd", "linux", "openharmony", "win32"].map((os) => [os, os]),
  ),
  windows: "win32",
};
const CPUS = ["x64", "arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "loong64", "wasm32"];

/** The lock file with an entry for every optional dependency that one of its packages pins. */
export function complete(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, dev } of unlocked(lock)) {
    const { cpu, libc, os } = platformOf(name);
    const entry = { version, cpu, ...(dev && { dev }), ...(libc && { libc }), optional: true, os };
    packages[`node_modules/${name}`] = entry;
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** The optional dependencies that have no entry. */
export function unlocked({ packages }) {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !packages[`node_modules/${name}`])
      .map(([name, version]) => ({ name, version, dev })),
  );
}

function platformOf(name) {
  const words = name.split(/[/-]/);
  const cpu = words.map((word) => word.replace(/^aarch64$/, "arm64")).find((word) => CPUS.includes(word));
  const os = words.map((word) => PLATFORMS[word]).find((word) => word !== undefined);
  if (!cpu || !os) throw new Error(`${name}: its name does not tell the platform, write its entry by hand`);
  const libc = words.map((word) => word.match(/^(musl|gnu)/)?.[0]).find((word) => word !== undefined);
  return { cpu: [cpu], os: [os], libc: libc && [libc === "gnu" ? "glibc" : "musl"] };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(root, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8"));
  console.log(`${unlocked(lock).length} entries added to package-lock.json`);
  writeFileSync(path, `${JSON.stringify(complete(lock), null, 2)}\n`);
}
