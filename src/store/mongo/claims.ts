import type { UserId } from "../../core/ids.ts";
import type { Mongo } from "./connect.ts";
import { isDuplicate } from "./outcome.ts";

/** A claim whose user is not there counts for so long, in ms: they may be about to be written. */
const CLAIM_MS = 60_000;

export const emailClaim = (email: string): string => `email:${email}`;
export const subjectClaim = (issuer: string, subject: string): string => `subject:${issuer}\n${subject}`;

/**
 * What one user alone may have, in a collection of our own: no unique index of ours may stand on others' users.
 * Whoever claims first has it; `stands` says whether a user still has what they claimed.
 */
export class Claims {
  constructor(
    private readonly mongo: Mongo,
    private readonly stands: (user: UserId, key: string) => Promise<boolean>,
  ) {}

  async holder(key: string): Promise<UserId | null> {
    return (await this.mongo.claims.findOne({ _id: key }))?.user ?? null;
  }

  /** Whether the user has it now. A claim whose user has it no longer is taken over. */
  async claim(key: string, user: UserId): Promise<boolean> {
    const { claims } = this.mongo;
    const holder = await this.#claimed(key, user);
    if (holder === user) return true;
    if (await this.stands(holder, key)) return false;
    const old = { $lt: ["$at", { $subtract: ["$$NOW", CLAIM_MS] }] };
    const taken = await claims.updateOne({ _id: key, user: holder, $expr: old }, [
      { $set: { user: { $literal: user }, at: "$$NOW" } },
    ]);
    return taken.matchedCount > 0;
  }

  /** Who has it, after the user has claimed it. */
  async #claimed(key: string, user: UserId): Promise<UserId> {
    const { claims } = this.mongo;
    const mine = { user: { $ifNull: ["$user", { $literal: user }] }, at: { $ifNull: ["$at", "$$NOW"] } };
    for (;;) {
      try {
        const options = { upsert: true, returnDocument: "after" } as const;
        const stands = await claims.findOneAndUpdate({ _id: key }, [{ $set: mine }], options);
        if (stands) return stands.user;
      } catch (error) {
        // Two claimed it at once: the other's is there now.
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  /** Gives it to the user, whoever had it. */
  async give(key: string, user: UserId): Promise<void> {
    const mine = { user: { $literal: user }, at: "$$NOW" };
    await this.mongo.claims.updateOne({ _id: key }, [{ $set: mine }], { upsert: true });
  }

  async release(key: string, user: UserId): Promise<void> {
    await this.mongo.claims.deleteOne({ _id: key, user });
  }
}
