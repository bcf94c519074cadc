import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../docs/browser.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { built } from "./built.ts";

/** What a browser notes of an answer that was to be expected: the page tells the person of it. */
const NOTED = "Failed to load resource: the server responded with a status of";

/** The same of a request that was cut off: the page tells of that too. */
const CUT = /net::ERR_|WebSocket connection to .* failed/;

/** What a browser notes where a page itself lets go of a socket that is not open yet. */
const LET_GO = /WebSocket connection to .* failed: WebSocket is closed before the connection is established/;

/** What Playwright itself notes where a test goes without workers. */
const NO_WORKER = "Service Worker registration blocked by Playwright";

const EVERYONE = { locale: "en-GB", timezoneId: "UTC" } as const;

/** A page of the app, with everything that it complained of. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
  /** The paths of the scripts that it asked for. */
  readonly scripts: string[];
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Visit {
  readonly as?: Credentials;
  /** Whether the worker that keeps the app's shell takes part: without it a page is a quarter cheaper. */
  readonly shell?: boolean;
  readonly statuses?: readonly number[];
  readonly cuts?: boolean;
  /** Whether the test signs out: the server ends the socket sooner than it answers, and the page may have dialled again. */
  readonly signsOut?: boolean;
  /** Runs in the page before its own scripts. */
  readonly before?: string;
}

/** A real server with the built app, and a browser. */
export class Rig {
  /** Where pages reach the server: a network that may be cut stands in between where a test needs one. */
  base: string;

  private constructor(
    readonly server: TestServer,
    private readonly browser: Browser,
  ) {
    this.base = server.url;
  }

  /** `flags` are the browser's, beside its own; before a server of its own, where none is there. */
  static async open(
    env: Record<string, string> = {},
    flags: readonly string[] = [],
    there?: TestServer,
  ): Promise<Rig> {
    await built();
    const [server, browser] = await Promise.all([there ?? startServer(env), openBrowser(flags)]);
    return new Rig(server, browser);
  }

  /** A browser with other flags, before the same server; it is closed by itself. */
  async beside(flags: readonly string[]): Promise<Rig> {
    return new Rig(this.server, await openBrowser(flags));
  }

  /** The same browser and server, reached by another address. */
  by(base: string): Rig {
    const rig = new Rig(this.server, this.browser);
    rig.base = base;
    return rig;
  }

  async close(): Promise<void> {
    await this.closeBrowser();
    await this.server.dispose();
  }

  async closeBrowser(): Promise<void> {
    await this.browser.close();
  }

  /** Gives the browser the cookie that the door would: the tests of the door go through it. */
  private async signIn(context: BrowserContext, { email, password }: Credentials): Promise<void> {
    const answer = await context.request.post(`${this.base}/auth/session`, { data: { email, password } });
    if (!answer.ok()) throw new Error(`${email} may not sign in: ${await answer.text()}`);
  }

  /**
   * A new person's browser at a path of the app, signed in as somebody where `as` says so; `statuses` are answers that
   * the test provokes, `cuts` that it cuts.
   */
  async visit(
    path: string,
    {
      statuses = [],
      cuts = false,
      signsOut = false,
      as,
      shell = false,
      before,
      ...options
    }: BrowserContextOptions & Visit = {},
  ): Promise<Watched> {
    const serviceWorkers = shell ? "allow" : "block";
    const context = await this.browser.newContext({ ...EVERYONE, serviceWorkers, ...options });
    if (as) await this.signIn(context, as);
    const page = await context.newPage();
    const complaints: string[] = [];
    const scripts: string[] = [];
    page.on("console", (message) => {
      const text = message.text();
      const expected =
        text === NO_WORKER ||
        (signsOut && LET_GO.test(text)) ||
        (cuts && CUT.test(text)) ||
        statuses.some((status) => text.startsWith(`${NOTED} ${status}`));
      if (["error", "warning"].includes(message.type()) && !expected)
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
    page.on("request", (request) => {
      const { pathname, origin } = new URL(request.url());
      if (origin !== this.base) complaints.push(`elsewhere: ${request.url()}`);
      if (request.resourceType() === "script") scripts.push(pathname);
    });
    await page.addInitScript({
      content:
        'addEventListener("securitypolicyviolation", (event) => console.error("policy", event.violatedDirective, event.blockedURI));',
    });
    if (before !== undefined) await page.addInitScript({ content: before });
    await page.goto(this.base + path);
    return { page, context, complaints, scripts };
  }
}

/** Waits until the expression is true in the page; asked from here, for its policy lets nothing be evaluated in there. */
export async function comesTrue(page: Page, expression: string, withinMs = PATIENCE_MS): Promise<void> {
  const patience = performance.now() + withinMs;
  while (!(await page.evaluate(expression))) {
    if (performance.now() > patience) throw new Error(`never came true: ${expression}`);
    await Bun.sleep(20);
  }
}

const PATIENCE_MS = 20_000;

/** Signs somebody in at the page's door. */
export async function signIn(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: /^Account/ }).waitFor();
}
