import { z } from "zod";
import { classIdSchema, sessionIdSchema, userIdSchema } from "../../protocol/ids.ts";
import type { UserId } from "../core/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { AuditEntry } from "../ports/store.ts";
import {
  DEEDS,
  type TrailDetails,
  type TrailEntry,
  type TrailFact,
  type TrailStore,
} from "../ports/trail.ts";
import { type AuditLog, openLink, seal } from "./audit.ts";
import { parseJson } from "./seal.ts";

interface Parts {
  readonly store: TrailStore;
  readonly clock: Clock;
  readonly troubled: (what: string, error: unknown) => void;
  /** Failed sign-ins that are written each by itself at one time; the others are counted together. */
  readonly failuresMax: number;
}

interface Waiting {
  readonly fact: TrailFact;
  readonly details: TrailDetails | null;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

interface Failed {
  readonly subject: UserId | null;
  readonly address: string;
  times: number;
}

/** AU1: what people do, in a chain: written down in the order in which it was told. */
export class Trail {
  #waiting: Waiting[] = [];
  #writing = false;
  readonly #failures = new Map<string, Failed>();
  #uncounted = 0;

  constructor(private readonly parts: Parts) {}

  /** Resolves once on disk. */
  record(fact: TrailFact, details: TrailDetails | null = null): Promise<void> {
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ fact, details, done: written.resolve, failed: written.reject });
    if (!this.#writing) void this.#write();
    return written.promise;
  }

  /** Like record, for what is done all the same when it cannot be written: then an operator is told. Never rejects. */
  async note(fact: TrailFact, details: TrailDetails | null = null): Promise<void> {
    try {
      await this.record(fact, details);
    } catch (error) {
      this.parts.troubled("the audit trail could not be written", error);
    }
  }

  /** AU3: a failed sign-in is only counted: whoever guesses writes nothing and slows nothing. */
  failed(subject: UserId | null, address: string): void {
    const key = `${subject} ${address}`;
    const known = this.#failures.get(key);
    if (known) known.times++;
    else if (this.#failures.size < this.parts.failuresMax)
      this.#failures.set(key, { subject, address, times: 1 });
    else this.#uncounted++;
  }

  /** Writes down the failures that were counted since. */
  async flushFailures(): Promise<void> {
    const counted = [...this.#failures.values()];
    const others = this.#uncounted;
    this.#failures.clear();
    this.#uncounted = 0;
    const fact = { deed: "sign-in-failed", actor: null } as const;
    await Promise.all([
      ...counted.map(({ subject, address, times }) => this.note({ ...fact, subject, times }, { address })),
      ...(others > 0 ? [this.note({ ...fact, subject: null, times: others })] : []),
    ]);
  }

  /** One append at a time; what is told meanwhile goes into the next. */
  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#append(batch);
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#writing = false;
  }

  async #append(batch: readonly Waiting[]): Promise<void> {
    const { store, clock } = this.parts;
    for (;;) {
      let last: AuditEntry | null = await store.last();
      const entries: TrailEntry[] = [];
      for (const { fact, details } of batch) {
        const at = clock.now();
        const { deed, actor, subject } = fact;
        last = seal(last, at, fact);
        entries.push({ ...last, at, deed, actor, subject, details });
      }
      if ((await store.append(entries)) === "ok") return;
    }
  }
}

const factSchema = z.object({
  deed: z.enum(DEEDS),
  actor: userIdSchema.nullable(),
  subject: userIdSchema.nullable(),
  class: classIdSchema.optional(),
  session: sessionIdSchema.optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  times: z.int().positive().optional(),
});

/** What an entry says; nothing where its body is none. */
export const factIn = ({ body }: TrailEntry): Partial<z.output<typeof factSchema>> =>
  z.object({ fact: factSchema }).safeParse(parseJson(body)).data?.fact ?? {};

/** Reads an entry back and checks its place after `before`; a string says what is wrong with it. */
export function openTrailEntry(
  entry: TrailEntry,
  before: Pick<AuditEntry, "number" | "hash"> | null,
): z.output<typeof factSchema> | string {
  const fact = openLink("trail", factSchema, entry, before);
  if (typeof fact === "string") return fact;
  const { deed, actor, subject } = fact;
  const isSame =
    deed === entry.deed &&
    actor === entry.actor &&
    subject === entry.subject &&
    entry.at === timeSchema.safeParse(parseJson(entry.body)).data?.at;
  return isSame ? fact : `trail entry ${entry.number}: it is searched by other words than were hashed`;
}

const timeSchema = z.object({ at: z.int() });

/** AU4: writes into the audit chain where the trail stands. */
export async function anchorTrail(store: Pick<TrailStore, "last">, audit: AuditLog): Promise<void> {
  const last = await store.last();
  if (last) await audit.recordOf({ kind: "trail", number: last.number, hash: last.hash });
}
