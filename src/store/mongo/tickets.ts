import type { TicketStore } from "../../ports/store.ts";
import type { Mongo } from "./connect.ts";

/** How often expired tickets are cleared away, in ms of the callers' clock. */
const CLEAR_MS = 30_000;

/** Tickets in MongoDB. */
export function mongoTickets({ tickets }: Mongo): TicketStore {
  let clearedAt = Number.NEGATIVE_INFINITY;
  return {
    async add(hash, user, expiresAt, now) {
      await tickets.insertOne({ _id: hash, user, expiresAt });
      if (Math.abs(now - clearedAt) < CLEAR_MS) return;
      clearedAt = now;
      await tickets.deleteMany({ expiresAt: { $lt: now } });
    },
    async take(hash, now) {
      const found = await tickets.findOneAndDelete({ _id: hash });
      return found && found.expiresAt >= now ? found.user : null;
    },
  };
}
