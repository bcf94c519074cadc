import { z } from "zod";
import { requireDocumented } from "./documented";
import { type Answer, dataOf, type Json, read } from "./http";
import type { Person } from "./people";
import type { TestServer } from "./server";

interface Sent {
  readonly body?: Json;
  /** Null leaves out a header that a browser would send. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

const SignedIn = z.object({ csrfToken: z.string(), session: z.object({ _id: z.string() }) });

/** What a browser does for a page: keeps cookies, names the page's origin, and the page sends the CSRF token. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers of the last answer. */
  given: string[] = [];
  /** All headers of the last answer. */
  headers = new Headers();
  csrf = "";
  session = "";

  constructor(
    readonly server: TestServer,
    readonly origin = server.url,
  ) {}

  /** A browser in which the person is signed in. */
  static async of(server: TestServer, person: Person): Promise<Browser> {
    const browser = new Browser(server);
    await browser.signIn(person.email, person.password);
    return browser;
  }

  async signIn(email: string, password: string): Promise<void> {
    const data = dataOf(await this.call("POST", "/auth/session", { body: { email, password } }), 201);
    const { csrfToken, session } = SignedIn.parse(data);
    this.csrf = csrfToken;
    this.session = session._id;
  }

  async call(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
    const own: Record<string, string | null> = {
      cookie: this.cookieHeader || null,
      origin: method === "GET" ? null : this.origin,
      "x-csrf-token": this.csrf || null,
      "content-type": body === undefined ? null : "application/json",
      ...headers,
    };
    const sent = Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== null);
    const response = await fetch(this.server.url + path, {
      method,
      headers: sent,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.headers = response.headers;
    this.given = response.headers.getSetCookie();
    for (const cookie of this.given) this.#keep(cookie);
    const answer = await read(response);
    await requireDocumented(method, path, answer);
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.call("GET", path);
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** What an upgrade from one of its pages carries. */
  get upgradeHeaders(): Record<string, string> {
    return { cookie: this.cookieHeader, origin: this.origin };
  }

  #keep(setCookie: string): void {
    const { name, value, maxAge } = Bun.Cookie.parse(setCookie);
    if (maxAge === 0) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
