import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that package.json stands in. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The pinned bun, a path. */
export const bun =
  process.platform === "win32" ? inModules("bun/bin/bun.exe") : join(root, "node_modules", ".bin", "bun");

/** The path of a file of an installed package. */
export function inModules(path) {
  return join(root, "node_modules", ...path.split("/"));
}

/**
 * Makes sure that every dependency stands in node_modules at its pinned version and that bun runs; installs
 * what is missing. `dev`: those for tests and checks as well. Ends the process with a sentence where it can't.
 */
export function ensureInstalled({ dev }) {
  requireNode(20);
  if (missing({ dev }).length > 0 || !existsSync(bun)) install({ dev: dev || hasDevTools() });
  if (bunVersion() !== pinnedBun()) finishBun();
  const left = missing({ dev });
  if (left.length > 0) fail(`After the installation ${left.slice(0, 3).join(", ")} still cannot be found.`);
  if (bunVersion() !== pinnedBun()) fail(`The installed bun does not run on this machine (${bun}).`);
}

function requireNode(least) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < least) fail(`Rollcall needs Node ${least} or newer to start, this is ${process.version}.`);
}

/** The pinned packages that node_modules lacks or has at another version, as `name version`. */
function missing({ dev }) {
  return [...wanted({ dev })]
    .filter(([path, version]) => readJson(join(root, path, "package.json"))?.version !== version)
    .map(([path, version]) => `${path.replace(/^.*node_modules\//, "")} ${version}`);
}

/** What package.json pins and what the lock file adds to it: folder to version. Optional parts may be absent. */
function wanted({ dev }) {
  const { dependencies = {}, devDependencies = {} } = readJson(join(root, "package.json")) ?? {};
  const pinned = Object.entries({ ...dependencies, ...(dev ? devDependencies : {}) });
  const { packages = {} } = readJson(join(root, "package-lock.json")) ?? {};
  const locked = Object.entries(packages).filter(
    ([path, entry]) => path !== "" && !entry.optional && !entry.devOptional && (dev || !entry.dev),
  );
  return new Map([
    ...locked.map(([path, { version }]) => [path, version]),
    // A package under another name is pinned as npm:name@version.
    ...pinned.map(([name, version]) => [`node_modules/${name}`, version.replace(/^npm:.*@/, "")]),
  ]);
}

/** Whether a developer's tools stand here already: then `npm start` must not remove them. */
function hasDevTools() {
  const { devDependencies = {} } = readJson(join(root, "package.json")) ?? {};
  return Object.keys(devDependencies).some((name) => existsSync(inModules(name)));
}

function install({ dev }) {
  refuseLink(join(root, "node_modules"));
  say(`Installing what Rollcall needs, bun ${pinnedBun()} included. This happens once and takes a moment…`);
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--include=optional", "--loglevel=error"];
  const done = npm(["ci", dev ? "--include=dev" : "--omit=dev", ...flags]);
  if (done.error) fail(`npm could not be run (${done.error.message}).`);
  if (done.status !== 0) {
    fail(
      "The installation failed; npm's own words stand above. Check the network, then run the command again.",
    );
  }
}

/** npm empties what the link leads to, which others may use, before it puts a folder in the place of the link. */
function refuseLink(path) {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const lacking = missing({ dev: true }).slice(0, 3).join(", ");
  fail(`node_modules is a link, and lacks ${lacking}: install where it leads to, or remove the link.`);
}

function npm(args) {
  const env = { ...process.env };
  // npm wants to write its cache at home; a service user often has none.
  if (!existsSync(homedir() || "")) env.npm_config_cache = join(root, ".cache", "npm");
  const own = process.env.npm_execpath;
  const options = { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] };
  if (own && /\.c?js$/.test(own)) return spawnSync(process.execPath, [own, ...args], options);
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

/** bun's own last step, which `ignore-scripts` skips: it puts the binary for this machine in its place. */
function finishBun() {
  spawnSync(process.execPath, [inModules("bun/install.js")], {
    cwd: inModules("bun"),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function bunVersion() {
  const asked = spawnSync(bun, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return asked.status === 0 ? asked.stdout.trim() : null;
}

function pinnedBun() {
  return readJson(join(root, "package.json"))?.dependencies?.bun;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

function say(sentence) {
  console.error(sentence);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
