import { z } from "zod";
import { failureAnswer } from "../../protocol/http.ts";
import { authorized, lost, resume } from "../session.ts";
import { ApiError } from "./error.ts";

export interface Asked {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Whether a 401 means that nobody is signed in any more; not so where that is what is asked. */
  readonly signedIn?: boolean;
}

/** Asks the API and gives the `data` of its answer, checked by its schema. Throws ApiError. */
export async function request<S extends z.ZodType>(
  path: string,
  answer: S,
  asked: Asked = {},
): Promise<z.output<S>> {
  const response = await fetched(path, asked);
  const parsed = answer.safeParse(
    z.object({ data: z.unknown() }).safeParse(await bodyOf(response)).data?.data,
  );
  if (!parsed.success) throw new ApiError("broken", response.status, parsed.error.message);
  return parsed.data;
}

/** Asks the API and gives its answer as it came. Throws ApiError where it is a refusal. */
export async function fetched(path: string, asked: Asked = {}): Promise<Response> {
  let response = await ask(path, asked);
  let text = response.ok ? "" : await errorOf(response);
  if (text === STALE_CSRF) {
    // Another tab has signed this browser in anew: the cookie is of that session, the token of the one before.
    await resume();
    response = await ask(path, asked);
    text = response.ok ? "" : await errorOf(response);
  }
  if (response.ok) return response;
  if (response.status === 401 && asked.signedIn !== false) lost();
  throw ApiError.of(response.status, text);
}

const STALE_CSRF = "Forbidden, CSRF token missing or wrong";

async function errorOf(response: Response): Promise<string> {
  const failure = failureAnswer.safeParse(await bodyOf(response));
  return failure.success ? failure.data.error : "";
}

async function ask(path: string, { method = "GET", body, signal }: Asked): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      ...authorized(method, body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", 0, String(error));
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
