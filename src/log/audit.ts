import { z } from "zod";
import { sessionIdSchema } from "../../protocol/ids.ts";
import { GENESIS, type LogPosition } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { AuditEntry, AuditStore } from "../ports/store.ts";
import { parseJson, sha256 } from "./seal.ts";

const hash = z.string();
const number = z.int().positive();
const headFact = z.object({ kind: z.literal("head"), session: sessionIdSchema, batch: number, hash });
/** Where the trail of people's doings stood. */
const trailFact = z.object({ kind: z.literal("trail"), number, hash });
/** The trail begins behind this entry from now on: what was before is removed. */
const cutFact = z.object({ kind: z.literal("trail-cut"), number, hash });
/** The session is removed, whole, because it is old. */
const removedFact = z.object({ kind: z.literal("removed"), session: sessionIdSchema });

/** What the audit chain can say: ids, numbers and hashes, never personal text. */
const factSchema = z.discriminatedUnion("kind", [headFact, trailFact, cutFact, removedFact]);
export type Fact = z.output<typeof factSchema>;

/** The audit chain: each entry names the hash of the one before, so that a changed or cut log shows. */
export class AuditLog {
  #last: Promise<unknown> = Promise.resolve();
  /** The hash that was last written of each running session. */
  readonly #heads = new Map<SessionId, string>();

  constructor(
    private readonly store: AuditStore,
    private readonly clock: Clock,
  ) {}

  /** Writes down where a session's log stands, unless that is what it wrote of it last. Resolves once on disk. */
  async recordHead(session: SessionId, position: LogPosition): Promise<void> {
    if (this.#heads.get(session) === position.hash) return;
    await this.#record({ kind: "head", session, batch: position.number, hash: position.hash });
    this.#heads.set(session, position.hash);
  }

  /** AU4: writes down where the trail stands, where its beginning was cut off, or that an old session is removed. */
  recordOf(fact: Exclude<Fact, { kind: "head" }>): Promise<void> {
    return this.#record(fact);
  }

  /** The session is over and its last head is written: it will not be written down again. */
  forget(session: SessionId): void {
    this.#heads.delete(session);
  }

  #record(fact: Fact): Promise<void> {
    const written = this.#last.then(() => this.#append(fact));
    this.#last = written.catch(() => "the caller is told; the next entry starts from the store again");
    return written;
  }

  async #append(fact: Fact): Promise<void> {
    for (;;) {
      const last = await this.store.last();
      const entry = seal(last, this.clock.now(), fact);
      if ((await this.store.append(entry)) === "ok") return;
    }
  }
}

/** The entry that follows `last` in a chain. */
export function seal(last: AuditEntry | null, at: number, fact: object): AuditEntry {
  const number = (last?.number ?? 0) + 1;
  const body = JSON.stringify({ number, prev: last?.hash ?? GENESIS, at, fact });
  return { number, body, hash: sha256(body) };
}

type Link = Pick<AuditEntry, "number" | "hash">;

/** Reads an entry back and checks its place after `before`; a string says what is wrong with it. */
export const openEntry = (entry: AuditEntry, before: Link | null): Fact | string =>
  openLink("audit", factSchema, entry, before);

/** The same for any chain of this make. */
export function openLink<T>(
  chain: string,
  schema: z.ZodType<T>,
  entry: AuditEntry,
  before: Link | null,
): T | string {
  const where = `${chain} entry ${entry.number}`;
  if (entry.number !== (before?.number ?? 0) + 1) return `${where}: follows entry ${before?.number ?? 0}`;
  if (sha256(entry.body) !== entry.hash) return `${where}: the body is not the one that was hashed`;
  const parsed = bodySchema.safeParse(parseJson(entry.body));
  if (!parsed.success) return `${where}: ${z.prettifyError(parsed.error)}`;
  if (parsed.data.number !== entry.number) return `${where}: carries the number ${parsed.data.number}`;
  if (parsed.data.prev !== (before?.hash ?? GENESIS))
    return `${where}: the chain is broken, it does not follow the entry before`;
  const fact = schema.safeParse(parsed.data.fact);
  return fact.success ? fact.data : `${where}: ${z.prettifyError(fact.error)}`;
}

const bodySchema = z.object({ number: z.int(), prev: z.string(), at: z.int(), fact: z.unknown() });
