import type { UserId } from "../core/ids.ts";
import type { Actor } from "../core/people.ts";
import type { Tickets, Tokens } from "../ports/identity.ts";
import type { UserStore } from "../ports/store.ts";

/** Whoever a credential stands for, with the role that the store has; null where it stands for nobody. */
export interface Authenticate {
  readonly byToken: (token: string | null) => Promise<Actor | null>;
  readonly byTicket: (ticket: string) => Promise<Actor | null>;
}

export function createAuthenticate(
  tokens: Tokens,
  tickets: Tickets,
  users: Pick<UserStore, "byId">,
): Authenticate {
  const known = async (id: UserId | undefined | null): Promise<Actor | null> => {
    const user = id ? await users.byId(id) : null;
    return user && { id: user.id, role: user.role, name: user.name };
  };
  return {
    byToken: async (token) => known(token ? (await tokens.verify(token))?.userId : null),
    byTicket: async (ticket) => known(await tickets.redeem(ticket)),
  };
}
