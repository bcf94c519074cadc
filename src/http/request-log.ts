import type { Log } from "../observe/log.ts";

/** What is asked every few seconds by machines is not worth a line each. */
const QUIET = new Set(["/health", "/metrics"]);

/** Names each request, and writes a line when it is answered: never its query, headers or body, which hold secrets. */
export class RequestLog {
  readonly #ids = new WeakMap<Request, string>();
  readonly #run = crypto.randomUUID().slice(0, 8);
  #count = 0;

  constructor(private readonly log: Log) {}

  /** The request's name in the log. */
  idOf(request: Request): string {
    const known = this.#ids.get(request);
    if (known) return known;
    const id = `${this.#run}-${(++this.#count).toString(36)}`;
    this.#ids.set(request, id);
    return id;
  }

  /** Answers the request and tells the client its name in X-Request-Id. */
  async around(request: Request, answer: () => Promise<Response> | Response): Promise<Response> {
    const began = performance.now();
    const id = this.idOf(request);
    const response = await answer();
    response.headers.set("X-Request-Id", id);
    const { pathname } = new URL(request.url);
    const line = {
      request: id,
      method: request.method,
      path: pathname,
      status: response.status,
      ms: Math.round((performance.now() - began) * 100) / 100,
    };
    this.log[QUIET.has(pathname) ? "debug" : "info"](line, "request");
    return response;
  }
}
