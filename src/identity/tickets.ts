import type { Clock } from "../ports/clock.ts";
import type { Codes, Tickets } from "../ports/identity.ts";
import type { TicketStore } from "../ports/store.ts";

interface Parts {
  readonly store: TicketStore;
  readonly lifetimeMs: number;
  readonly clock: Clock;
  /** What they open; a ticket for one thing opens no other. A socket where nothing is said. */
  readonly purpose?: keyof Codes;
}

/**
 * Tickets of 32 random bytes and the holder's `tokensFrom`; the store has only their hashes, so that whoever reads
 * it cannot use one, and whoever has one cannot change it.
 */
export function createTickets({ store, lifetimeMs, clock, purpose }: Parts): Tickets {
  const hashOf = (ticket: string) => sha256(purpose === undefined ? ticket : `${purpose} ${ticket}`);
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

const sha256 = (ticket: string): string => new Bun.CryptoHasher("sha256").update(ticket).digest("hex");

interface CodeLimits {
  readonly RESET_LIFETIME_MS: number;
  readonly INVITATION_LIFETIME_MS: number;
  readonly SETUP_LIFETIME_MS: number;
}

/** The one-time codes, kept as tickets are. */
export function createCodes({
  limits,
  ...parts
}: Pick<Parts, "store" | "clock"> & { readonly limits: CodeLimits }): Codes {
  const codes = (purpose: keyof Codes, lifetimeMs: number) =>
    createTickets({ ...parts, purpose, lifetimeMs });
  return {
    reset: codes("reset", limits.RESET_LIFETIME_MS),
    invitation: codes("invitation", limits.INVITATION_LIFETIME_MS),
    setup: codes("setup", limits.SETUP_LIFETIME_MS),
  };
}
