import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { CALLS, openBrowser } from "../docs/browser.ts";

const ROOT = join(import.meta.dir, "..", "..");

/** Parts of the web app by themselves in a real browser: no server and no screen, and each file's exports are globals. */
export class PartsPage {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Bun.Server<undefined>,
  ) {}

  static async open(files: readonly string[]): Promise<PartsPage> {
    const script = await bundled(files);
    const headers = { "content-type": "text/javascript" };
    const server = Bun.serve({
      port: 0,
      hostname: "localhost",
      fetch: ({ url }) =>
        url.endsWith(".js") ? new Response(script, { headers }) : new Response(PAGE, { headers: HTML }),
    });
    return new PartsPage(await openBrowser(CALLS), server);
  }

  /** Runs it in a page of its own, and gives what its promise comes to, as JSON. */
  async run(body: string): Promise<unknown> {
    const context = await this.browser.newContext();
    try {
      const page: Page = await context.newPage();
      await page.goto(this.server.url.href);
      await page.locator("html[data-ready]").waitFor({ state: "attached" });
      return JSON.parse(String(await page.evaluate(`(async () => { ${body} })().then(JSON.stringify)`)));
    } finally {
      await context.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop(true);
  }
}

const HTML = { "content-type": "text/html" };
/** What a test puts into `globalThis.livekit` before it is first asked for. */
const LIVEKIT = "data:text/javascript,export const { Room, RoomEvent, setLogLevel } = globalThis.livekit;";
const MAP = JSON.stringify({ imports: { "livekit-client": LIVEKIT } });
const PAGE = `<!doctype html><title>parts</title><script type="importmap">${MAP}</script><script type="module" src="/parts.js"></script>`;

async function bundled(files: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-parts-"));
  try {
    const entry = join(folder, "entry.ts");
    const imports = files.map(
      (file, at) => `import * as part${at} from ${JSON.stringify(join(ROOT, file))};`,
    );
    const all = files.map((_, at) => `...part${at}`).join(", ");
    const ready = 'document.documentElement.dataset.ready = "yes";';
    writeFileSync(entry, `${imports.join("\n")}\nObject.assign(globalThis, { ${all} });\n${ready}\n`);
    const built = await Bun.build({
      entrypoints: [entry],
      target: "browser",
      external: ["livekit-client"],
      root: ROOT,
    });
    return await (built.outputs[0]?.text() ?? Promise.reject(new Error("nothing was built")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
