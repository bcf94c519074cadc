import type { TestServer } from "../e2e/server.ts";

/** A browser as far as sign-in goes: it keeps the cookies of every host and follows where it is sent, a step at a time. */
export class FlowBrowser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** Asks without following; gives the answer, whose cookies are kept. */
  async open(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { ...(cookie && { cookie }), "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0" },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const { name, value } = Bun.Cookie.parse(set);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jars.get(new URL(url).host)?.get(name);
  }

  /** As if its cookies of there had been cleared. */
  forget(url: string): void {
    this.#jars.delete(new URL(url).host);
  }

  setCookie(url: string, name: string, value: string): void {
    const { host } = new URL(url);
    this.#jars.set(host, (this.#jars.get(host) ?? new Map()).set(name, value));
  }

  /** Begins at the server; gives the issuer's address that it is sent to. */
  async begin(server: TestServer, query = ""): Promise<string> {
    const answer = await this.open(`${server.url}/auth/oidc/start${query}`);
    if (answer.status !== 303) throw new Error(`the start answered ${answer.status}: ${await answer.text()}`);
    return locationOf(answer);
  }

  /** Signs in at the issuer and agrees; gives the address at the server that it sends the browser back to. */
  async atIssuer(server: TestServer, address: string, sub: string): Promise<string> {
    let next = address;
    for (let step = 0; step < 12; step++) {
      if (next.startsWith(server.url)) return next;
      const answer = await this.open(next);
      const to = answer.headers.get("location");
      next = new URL(to ?? (await this.#submitted(next, await answer.text(), sub)), next).href;
    }
    throw new Error(`the issuer did not send back, but to ${next}`);
  }

  /** Sends the issuer's form as a person would fill it in. */
  async #submitted(url: string, page: string, sub: string): Promise<string> {
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (!prompt || !action) throw new Error(`no form at ${url}: ${page.slice(0, 500)}`);
    const answer = await this.open(new URL(action, url).href, { prompt, login: sub, password: "any" });
    return locationOf(answer);
  }

  /** The whole way; gives the server's answer to the callback. */
  async signIn(server: TestServer, sub: string, query = ""): Promise<Response> {
    return this.open(await this.atIssuer(server, await this.begin(server, query), sub));
  }
}

/** Where an answer sends its reader. */
export function locationOf(answer: Response): string {
  const to = answer.headers.get("location");
  if (to === null) throw new Error(`${answer.status} without a Location`);
  return to;
}
