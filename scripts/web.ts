// Builds the web app into dist/web: `bun scripts/web.ts`, which npm start does where it is missing or older than its sources.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";
import { BUILT, isWebStale } from "./web-app.mjs";

const web = join(import.meta.dir, "..", "web");
/** With its hash a name never stands for two contents, so that browsers may keep it for ever. */
const HASHED = "[name]-[hash].[ext]";

/** Builds the web app where it is missing or older than its sources. */
export async function ensureWeb(): Promise<void> {
  if (isWebStale()) await buildWeb();
}

/** Builds the web app in a folder beside its place and puts it there in one step. Throws where the source is wrong. */
async function buildWeb(): Promise<void> {
  const folder = `${BUILT}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const built = await bundle(folder);
    const values = { ...built, languages: addLanguages(folder), ...addIcons(folder) };
    const html = page(values);
    writeFileSync(join(folder, "index.html"), html);
    for (const name of readdirSync(folder)) if (!/\.(html|png)$/.test(name)) compress(join(folder, name));
    await addWorker(folder, Bun.hash(html).toString(36));
    rmSync(BUILT, { recursive: true, force: true });
    renameSync(folder, BUILT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Built {
  readonly script: string;
  readonly style: string;
  /** What the script will ask for at once. */
  readonly preload: readonly string[];
}

async function bundle(outdir: string): Promise<Built> {
  const { outputs, metafile } = await Bun.build({
    entrypoints: [join(web, "main.tsx")],
    outdir,
    target: "browser",
    splitting: true,
    minify: true,
    publicPath: "/assets/",
    naming: { entry: HASHED, chunk: HASHED, asset: HASHED },
    metafile: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const names = outputs.map(({ path }) => basename(path));
  const script = names[outputs.findIndex(({ kind }) => kind === "entry-point")];
  const style = names.find((name) => name.startsWith("main-") && name.endsWith(".css"));
  if (!script || !style) throw new Error(`the bundle lacks its script or its style: ${names.join(", ")}`);
  // The style of the entry holds those of all screens; the screens' own would never be asked for.
  for (const name of names) if (name.endsWith(".css") && name !== style) rmSync(join(outdir, name));
  return { script, style, preload: metafile ? needsOf("web/start.tsx", metafile.outputs) : [] };
}

type Outputs = Readonly<Record<string, Pick<Bun.BuildMetafile["outputs"][string], "entryPoint" | "imports">>>;

/** The chunk of a source file and every chunk that it imports, and they import. */
function needsOf(source: string, outputs: Outputs): string[] {
  const first = Object.keys(outputs).filter(
    (name) => name.endsWith(".js") && outputs[name]?.entryPoint?.endsWith(source),
  );
  const found = new Set(first);
  for (const name of found)
    for (const { path, kind } of outputs[name]?.imports ?? [])
      if (kind === "import-statement") found.add(path);
  return [...found].map((name) => basename(name));
}

/** Puts every language beside the scripts; gives their codes and files. */
function addLanguages(outdir: string): Record<string, string> {
  const files = readdirSync(join(web, "words")).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files.toSorted().map((file) => {
      const code = basename(file, ".json");
      const text = JSON.stringify(JSON.parse(readFileSync(join(web, "words", file), "utf8")));
      return [code, add(outdir, `words-${code}.json`, text)];
    }),
  );
}

/** Puts the icons there, and the manifest by which the app can be installed; gives the addresses that the page names. */
function addIcons(outdir: string): Pick<Values, "manifest" | "touchIcon"> {
  const icon = (name: string) => add(outdir, name, readFileSync(join(web, "icons", name)));
  const manifest = {
    id: "/",
    start_url: "/",
    scope: "/",
    name: "Rollcall",
    short_name: "Rollcall",
    description: "Attendance, live.",
    display: "standalone",
    background_color: "#ffffff",
    theme_color: "#0b57c9",
    icons: [
      { src: icon("icon-192.png"), sizes: "192x192", type: "image/png" },
      { src: icon("icon-512.png"), sizes: "512x512", type: "image/png" },
      { src: icon("maskable-512.png"), sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
  const file = add(outdir, "rollcall.webmanifest", JSON.stringify(manifest));
  return { manifest: file, touchIcon: icon("touch-180.png") };
}

/** Puts the service worker there, under a name that stays: browsers look there whether it is another. */
async function addWorker(outdir: string, build: string): Promise<void> {
  await Bun.build({
    entrypoints: [join(web, "worker", "worker.ts")],
    outdir,
    target: "browser",
    minify: true,
    naming: "service-worker.[ext]",
    define: { BUILD: JSON.stringify(build) },
  });
}

/** Writes a file under its name with its hash in it; gives its address. */
function add(outdir: string, name: string, content: string | Buffer): string {
  const [before, ending] = [basename(name, extname(name)), extname(name)];
  const hashed = `${before}-${Bun.hash(content).toString(36)}${ending}`;
  writeFileSync(join(outdir, hashed), content);
  return `/assets/${hashed}`;
}

interface Values extends Built {
  readonly languages: Readonly<Record<string, string>>;
  readonly manifest: string;
  readonly touchIcon: string;
}

function page({ script, style, preload, languages, manifest, touchIcon }: Values): string {
  const values: Readonly<Record<string, string>> = {
    SCRIPT: `/assets/${script}`,
    STYLE: `/assets/${style}`,
    PRELOAD: preload.map((name) => `<link rel="modulepreload" href="/assets/${name}" />`).join("\n    "),
    MANIFEST: manifest,
    TOUCH: touchIcon,
    LANGUAGES: JSON.stringify(languages).replaceAll('"', "&quot;"),
  };
  return readFileSync(join(web, "index.html"), "utf8").replaceAll(/%([A-Z]+)%/g, (_, name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`web/index.html asks for ${name}, which there is not`);
    return value;
  });
}

/** Puts .gz and .br beside the file, made once and as small as they get. */
function compress(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY } }),
  );
}

if (import.meta.main) await ensureWeb();
