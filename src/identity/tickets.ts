import type { Clock } from "../ports/clock.ts";
import type { Tickets } from "../ports/identity.ts";
import type { TicketStore } from "../ports/store.ts";

interface Parts {
  readonly store: TicketStore;
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

/** Tickets of 32 random bytes; the store has only their hashes, so that whoever reads it cannot use one. */
export function createTickets({ store, lifetimeMs, clock }: Parts): Tickets {
  return {
    async issue(user) {
      const ticket = crypto.getRandomValues(Buffer.alloc(32)).toString("base64url");
      const now = clock.now();
      const expiresAt = now + lifetimeMs;
      await store.add(hashOf(ticket), user, expiresAt, now);
      return { ticket, expiresAt };
    },
    redeem: (ticket) => store.take(hashOf(ticket), clock.now()),
  };
}

const hashOf = (ticket: string): string => new Bun.CryptoHasher("sha256").update(ticket).digest("hex");
