import type { Command } from "../commands/command.ts";

/** A route: where a command is had over HTTP. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** In Hono's notation; its parameters become fields of the input, over those of the body. */
  readonly path: string;
  readonly command: Command<unknown>;
  readonly status: 200 | 201;
  /** Fields that the answer has beside `data`, for clients that look there. */
  readonly beside?: (data: unknown) => Readonly<Record<string, unknown>>;
}
