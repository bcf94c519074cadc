import { z } from "zod";
import { sessionIdSchema } from "../../protocol/ids.ts";
import { GENESIS, type LogPosition } from "../core/batch.ts";
import type { SessionId } from "../core/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { AuditEntry, AuditStore } from "../ports/store.ts";
import { parseJson, sha256 } from "./seal.ts";

const headFact = z.object({
  kind: z.literal("head"),
  session: sessionIdSchema,
  batch: z.int().positive(),
  hash: z.string(),
});

/** What the audit chain can say: ids, numbers and hashes, never personal text. */
const factSchema = z.discriminatedUnion("kind", [headFact]);
export type Fact = z.output<typeof factSchema>;

const bodySchema = z.object({ number: z.int(), prev: z.string(), at: z.int(), fact: factSchema });

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
      const number = (last?.number ?? 0) + 1;
      const body = JSON.stringify({ number, prev: last?.hash ?? GENESIS, at: this.clock.now(), fact });
      if ((await this.store.append({ number, body, hash: sha256(body) })) === "ok") return;
    }
  }
}

/** Reads an entry back and checks its place after `before`; a string says what is wrong with it. */
export function openEntry(entry: AuditEntry, before: AuditEntry | null): Fact | string {
  const where = `audit entry ${entry.number}`;
  if (entry.number !== (before?.number ?? 0) + 1) return `${where}: follows entry ${before?.number ?? 0}`;
  if (sha256(entry.body) !== entry.hash) return `${where}: the body is not the one that was hashed`;
  const parsed = bodySchema.safeParse(parseJson(entry.body));
  if (!parsed.success) return `${where}: ${z.prettifyError(parsed.error)}`;
  if (parsed.data.number !== entry.number) return `${where}: carries the number ${parsed.data.number}`;
  if (parsed.data.prev !== (before?.hash ?? GENESIS))
    return `${where}: the chain is broken, it does not follow the entry before`;
  return parsed.data.fact;
}
