/** The page that every screen is, under one name. */
const PAGE = "/";
/** What of the app is no answer to anybody in particular. */
const PART = /^\/(?:assets\/[\w.-]+|static\/icon\.svg)$/;
const PARTS_IN_PAGE = /\/(?:assets|static)\/[\w.-]+/g;
/** A network that says neither yes nor no for so long is none. */
const PATIENCE_MS = 3000;
const OURS = "rollcall-shell-";

/** The page, its scripts, styles and words, as they were last loaded on this device; never an answer of the API. */
export class Shell {
  readonly #name: string;

  constructor(build: string) {
    this.#name = OURS + build;
  }

  /** Whether it is a part of the app, which a shell may hold. */
  readonly holds = (path: string): boolean => PART.test(path);

  /** The page from the network; as it was kept where that does not answer, or is a gateway without a server. */
  async page(event: FetchEvent): Promise<Response> {
    const fresh = fetch(event.request);
    event.waitUntil(fresh.then((answer) => this.#keepWhole(answer.clone())).catch(() => undefined));
    const answer = await Promise.race([fresh, later()]).catch(() => null);
    if (answer && answer.status < 500) return answer;
    return (await this.#kept(PAGE)) ?? fresh;
  }

  /** A part as it was kept, else from the network. What has no hash in its name is asked for first. */
  async part(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/assets/")) return (await this.#kept(pathname)) ?? fetch(request);
    try {
      return await fetch(request);
    } catch (error) {
      const kept = await this.#kept(pathname);
      if (kept) return kept;
      throw error;
    }
  }

  /** Asks for the page and keeps it. */
  async keepPage(): Promise<void> {
    await this.#keepWhole(await fetch(PAGE));
  }

  /** Keeps parts that are not kept yet; whatever else is said is let be. */
  async keep(paths: unknown): Promise<void> {
    if (!Array.isArray(paths)) return;
    const shell = await this.#open();
    const wanted = paths.filter((path) => typeof path === "string" && this.holds(path));
    await Promise.all(
      wanted.map(async (path) => {
        if (!(await shell.match(path))) await shell.add(path).catch(() => undefined);
      }),
    );
  }

  /** Forgets the shells of other builds. */
  async dropOthers(): Promise<void> {
    const others = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== this.#name);
    await Promise.all(others.map((name) => caches.delete(name)));
  }

  /** Keeps the page after the parts that it names: without them it would stay white. */
  async #keepWhole(page: Response): Promise<void> {
    if (!page.ok || !page.headers.get("Content-Type")?.startsWith("text/html")) return;
    const parts = (await page.clone().text()).match(PARTS_IN_PAGE) ?? [];
    await this.keep(parts);
    const shell = await this.#open();
    const kept = await Promise.all(parts.map((path) => shell.match(path)));
    if (kept.every(Boolean)) await shell.put(PAGE, page);
  }

  #open = (): Promise<Cache> => caches.open(this.#name);

  async #kept(path: string): Promise<Response | undefined> {
    return (await this.#open()).match(path);
  }
}

const later = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
