import type { Clock } from "../ports/clock.ts";
import type { Tickets } from "../ports/identity.ts";
import type { TicketStore } from "../ports/store.ts";

interface Parts {
  readonly store: TicketStore;
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

/**
 * Tickets of 32 random bytes and the holder's `tokensFrom`; the store has only their hashes, so that whoever reads
 * it cannot use one, and whoever has one cannot change it.
 */
export function createTickets({ store, lifetimeMs, clock }: Parts): Tickets {
  return {
    async issue({ userId, tokensFrom }) {
      const random = crypto.getRandomValues(Buffer.alloc(32)).toString("base64url");
      const ticket = `${random}.${tokensFrom}`;
      const now = clock.now();
      const expiresAt = now + lifetimeMs;
      await store.add(hashOf(ticket), userId, expiresAt, now);
      return { ticket, expiresAt };
    },
    async redeem(ticket) {
      const userId = await store.take(hashOf(ticket), clock.now());
      return userId && { userId, tokensFrom: Number(ticket.split(".")[1]) };
    },
  };
}

const hashOf = (ticket: string): string => new Bun.CryptoHasher("sha256").update(ticket).digest("hex");
