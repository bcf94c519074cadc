import { z } from "zod";
import { failureAnswer } from "../../protocol/http.ts";
import { authorized, lost } from "../session.ts";
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
  const response = await ask(path, asked);
  const body = await bodyOf(response);
  if (!response.ok) {
    if (response.status === 401 && asked.signedIn !== false) lost();
    const failure = failureAnswer.safeParse(body);
    throw ApiError.of(response.status, failure.success ? failure.data.error : "");
  }
  const parsed = answer.safeParse(z.object({ data: z.unknown() }).safeParse(body).data?.data);
  if (!parsed.success) throw new ApiError("broken", response.status, parsed.error.message);
  return parsed.data;
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
