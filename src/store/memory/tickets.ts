import type { UserId } from "../../core/ids.ts";
import type { TicketStore } from "../../ports/store.ts";

/** Tickets in a map. */
export function memoryTickets(): TicketStore {
  const tickets = new Map<string, { readonly user: UserId; readonly expiresAt: number }>();
  return {
    async add(hash, user, expiresAt) {
      tickets.set(hash, { user, expiresAt });
    },
    async take(hash, now) {
      const found = tickets.get(hash);
      tickets.delete(hash);
      return found && found.expiresAt >= now ? found.user : null;
    },
  };
}
