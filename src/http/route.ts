import type { z } from "zod";
import type { Command } from "../commands/command.ts";
import type { HttpParts } from "./app.ts";
import type { HttpVisit } from "./visit.ts";

/** The chapters of the reference, in its order. */
export const TAGS = {
  People: "Accounts, tokens, and who is who.",
  Classes: "Classes and their rolls.",
  Attendance:
    "Sessions and what they leave on record. Marking itself happens over sockets: see /docs/events.",
  Administration: "What admins see and change.",
  Video:
    "The video room of a running session. Signals between its members go over sockets: see /docs/events.",
  Operation: "What an operator watches.",
  Pages: "Pages and documents that come with the server.",
} as const;

/** What every address has, whoever answers there. */
export interface Address {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** In Hono's notation; a command's input takes its parameters as fields, over those of the body. */
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  /** A few words. */
  readonly summary: string;
  /** What someone should know who uses it, in Markdown; who may is told by the command itself. */
  readonly description: string;
}

/** A route: where a command is had over HTTP. */
export interface Route extends Address {
  readonly command: Command<unknown>;
  readonly status: 200 | 201;
  /** The `data` of its answer. */
  readonly answer: z.ZodType;
  /** A body that it takes, where it takes one, and the `data` that it then answers. */
  readonly example: { readonly body?: unknown; readonly data: unknown };
  /** The fields of its input that stand in the query. */
  readonly query?: readonly string[];
  /** Where it answers a file instead of JSON: its type, and the file in what the command gives. */
  readonly file?: { readonly type: string; readonly of: (value: unknown) => DownloadedFile };
  /** Fields that the answer has beside `data`, for clients that look there. */
  readonly beside?: {
    readonly answer: z.ZodObject;
    readonly of: (data: unknown) => Readonly<Record<string, unknown>>;
  };
}

export interface DownloadedFile {
  readonly name: string;
  readonly text: string;
}

interface RouteOf<Answer extends z.ZodType> extends Route {
  readonly answer: Answer;
  /** Its answers fit the schema that documents them: this is where the types are compared. */
  readonly command: Command<z.input<Answer>>;
}

/** A route whose command answers what `answer` says. */
export const route = <Answer extends z.ZodType>(of: RouteOf<Answer>): Route => of;

/** The same route under a further name. */
export const alsoAt = (path: string, of: Route, changes: Partial<Route> = {}): Route => ({
  ...of,
  path,
  summary: `${of.summary} (a further name)`,
  description: `A further name of \`${of.method} ${of.path}\`.`,
  ...changes,
});

/** An address that answers something other than a command's outcome. */
export interface Page extends Address {
  readonly method: "GET" | "POST";
  /** What it answers, by status, beside what every address may answer. */
  readonly answers: Readonly<Record<number, PageAnswer>>;
  readonly serve: (parts: HttpParts, request: Request, visit: HttpVisit) => Response | Promise<Response>;
}

interface PageAnswer {
  readonly description: string;
  readonly type: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
}
