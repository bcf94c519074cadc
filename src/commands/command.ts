import { z } from "zod";
import { type Issue, ok, type RefusalCode, type Result, refuse } from "../core/errors.ts";
import type { Actor, Role } from "../core/people.ts";
import type { CommandRef, Source } from "../core/session/events.ts";
import type { Author } from "../log/live-session.ts";
import type { Closed } from "./closed-accounts.ts";
import type { Context, Where } from "./context.ts";
import { NOWHERE, type Visit } from "./visit.ts";

/** Who may give a command: their role, what it is about, and whether that is theirs to touch. */
export interface Policy<Input, Subject, Code extends RefusalCode = RefusalCode> {
  /** "anyone" needs no token. */
  readonly roles: readonly Role[] | "anyone";
  /** Every refusal that it gives beside those of roles: for the documents. */
  readonly refusals: readonly Code[];
  /** Finds what the command is about, or says that it does not exist. */
  readonly find: (context: Context, input: Input) => Promise<Result<Subject, Code>>;
  /** Null where the actor may, else why not. */
  readonly refusal: (actor: Actor, subject: Subject) => Code | null;
}

/** One verb: its input, who may give it, what it does. */
interface Definition<Input, Subject, Output, Who extends Actor | null> {
  readonly input: z.ZodType<Input>;
  readonly allow: Policy<Input, Subject>;
  /** The refusals that `run` gives beside "could-not-save": for the documents. */
  readonly refusals?: readonly RefusalCode[];
  readonly run: (given: Given<Input, Subject, Who>) => Promise<Result<Output>>;
}

interface Given<Input, Subject, Who> {
  readonly context: Context;
  readonly input: Input;
  readonly actor: Who;
  readonly subject: Subject;
  /** For the log: who, by which way, and by which command id. */
  readonly author: Author;
  /** What is known of the request beside who sends it. */
  readonly visit: Visit;
}

export interface Request {
  readonly actor: Actor | null;
  /** Reads the raw input; asked for only once role and token are right. */
  readonly raw: () => Promise<Result<unknown>>;
  readonly via: Source;
  readonly where: Where;
  /** The client's own id of this command, where it gave one. */
  readonly command?: CommandRef;
  /** Left out by sockets. */
  readonly visit?: Visit;
}

export interface Command<Output> {
  readonly roles: Policy<never, never>["roles"];
  readonly input: z.ZodType;
  /** Every refusal that it may give, in the order of the checks. */
  readonly refusals: readonly RefusalCode[];
  /** Checks in the contract's order (token, role, syntax, existence, ownership), then runs. Never rejects. */
  execute(context: Context, request: Request): Promise<Result<Output>>;
}

/** A command that needs a user. */
export function command<Input, Subject, Output>(
  definition: Definition<Input, Subject, Output, Actor>,
): Command<Output> {
  const { roles } = definition.allow;
  return {
    roles,
    input: definition.input,
    refusals: refusalsOf(definition),
    execute: (context, request) =>
      guarded(context, request.where, async () => {
        const { actor } = request;
        if (!actor) return refuse("unauthorized");
        const role = roleRefusal(roles, actor.role);
        if (role) return refuse(role);
        return perform(definition, context, request, actor);
      }),
  };
}

/** A command that anyone may give, with or without a token. */
export function publicCommand<Input, Output>(
  definition: Omit<Definition<Input, undefined, Output, null>, "allow"> & { readonly closed?: Closed },
): Command<Output> {
  const { closed, ...given } = definition;
  const allow: Policy<Input, undefined> = {
    roles: "anyone",
    refusals: [],
    find: async () => ok(undefined),
    refusal: () => null,
  };
  return {
    roles: "anyone",
    input: definition.input,
    refusals: [...(closed?.codes ?? []), ...refusalsOf({ ...given, allow })],
    execute: (context, request) =>
      guarded(context, request.where, async () => {
        const code = closed?.by(context.accounts);
        return code ? refuse(code) : perform({ ...given, allow }, context, request, null);
      }),
  };
}

async function perform<Input, Subject, Output, Who extends Actor | null>(
  { input: schema, allow, run }: Definition<Input, Subject, Output, Who>,
  context: Context,
  { raw, via, command: ref, visit = NOWHERE }: Request,
  actor: Who,
): Promise<Result<Output>> {
  const read = await raw();
  if (!read.ok) return read;
  const input = parseInput(schema, read.value);
  if (!input.ok) return input;
  const subject = await allow.find(context, input.value);
  if (!subject.ok) return subject;
  const refusal = actor && allow.refusal(actor, subject.value);
  if (refusal) return refuse(refusal);
  const author = { by: actor?.id ?? null, via, ...(ref && { command: ref }) };
  return run({ context, input: input.value, actor, subject: subject.value, author, visit });
}

/** A store or a rule that throws becomes a refusal that says whether to try again. */
async function guarded<T>(
  context: Context,
  where: Where,
  attempt: () => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    const result = await attempt();
    if (!result.ok) context.refused(result.code);
    return result;
  } catch (error) {
    context.troubled("a command failed", error, where);
    return refuse("could-not-save");
  }
}

const ROLES: readonly Role[] = ["teacher", "student", "admin"];

function refusalsOf<Input, Subject, Output, Who extends Actor | null>({
  input,
  allow: { roles, refusals },
  refusals: own = [],
}: Definition<Input, Subject, Output, Who>): RefusalCode[] {
  const unauthorized: RefusalCode[] = roles === "anyone" ? [] : ["unauthorized"];
  const byRole = ROLES.flatMap((role) => roleRefusal(roles, role) ?? []);
  const namesClass = input instanceof z.ZodObject && "classId" in input.shape;
  const bySyntax: RefusalCode[] = ["invalid-schema", ...(namesClass ? ["invalid-class-id" as const] : [])];
  return [
    ...new Set([...unauthorized, ...byRole, ...bySyntax, ...refusals, ...own, "could-not-save" as const]),
  ];
}

/** What a role lacks for these roles, or null. */
export function roleRefusal(roles: Policy<never, never>["roles"], role: Role): RefusalCode | null {
  if (roles === "anyone" || roles.includes(role)) return null;
  if (roles.includes("teacher")) return "teacher-only";
  return roles.includes("student") ? "student-only" : "admin-only";
}

/** The input, or what is wrong with it; a class id that cannot be one has a refusal of its own. */
export function parseInput<T>(schema: z.ZodType<T>, raw: unknown): Result<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.map(
    (issue): Issue => ({ path: issue.path.join("."), message: issue.message }),
  );
  const cannotBeId = (issue: Issue) => issue.path === "classId" && hasText(raw, "classId");
  return issues.every(cannotBeId) ? refuse("invalid-class-id") : refuse("invalid-schema", issues);
}

const hasText = (raw: unknown, key: string): boolean =>
  typeof raw === "object" &&
  raw !== null &&
  typeof Object.getOwnPropertyDescriptor(raw, key)?.value === "string";
