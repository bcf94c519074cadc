import { z } from "zod";
import { requireDocumented } from "./documented";
import type { Reachable } from "./server";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export const Json: z.ZodType<Json> = z.json();

/** What a client sees of an answer: the status and the whole body, `undefined` where there is none. */
export interface Answer {
  status: number;
  body: Json | undefined;
}

export interface Call {
  token?: string;
  /** Sent as JSON; a string is sent as it is. */
  body?: Json;
  headers?: Record<string, string>;
}

/** One request with a JSON answer, whatever the status; it must be one that the OpenAPI document has. */
export async function call(
  server: Reachable,
  method: string,
  path: string,
  options: Call = {},
): Promise<Answer> {
  const { body, token } = options;
  const response = await fetch(server.url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const answer = await read(response);
  await requireDocumented(method, path, answer);
  return answer;
}

/** The status and parsed body of any response; a body that is not JSON throws with what it was. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isFile = response.headers.get("content-type")?.startsWith("text/csv") ?? false;
  return { status: response.status, body: text === "" ? undefined : isFile ? text : parse(text) };
}

export const get = (server: Reachable, path: string, token?: string) =>
  call(server, "GET", path, token === undefined ? {} : { token });

export const post = (server: Reachable, path: string, body: Json, token?: string) =>
  call(server, "POST", path, token === undefined ? { body } : { body, token });

/** The exact answer of a refusal. */
export function refused(status: number, error: string): Answer {
  return { status, body: { success: false, error } };
}

/** `Invalid request schema` may come with `issues:[{path,message}]`; this is the answer without them, once they were checked. */
export function withoutIssues(answer: Answer): Answer {
  const { issues, ...rest } = z.record(z.string(), Json).parse(answer.body);
  if (issues !== undefined) Issues.parse(issues);
  return { status: answer.status, body: rest };
}

const Issues = z.array(
  z.strictObject({
    path: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]),
    message: z.string(),
  }),
);

/** The `data` of a success of this status, whose body has nothing else at the top level. */
export function dataOf(answer: Answer, status = 200): Json {
  if (answer.status !== status) throw new Error(`${status} expected, got ${JSON.stringify(answer)}`);
  return z.strictObject({ success: z.literal(true), data: Json }).parse(answer.body).data;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Error(`not JSON: ${text.slice(0, 300)}`);
  }
}
