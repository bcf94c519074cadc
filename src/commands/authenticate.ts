import type { Actor, User } from "../core/people.ts";
import type { OwnToken, Tickets, TokenFault, Tokens } from "../ports/identity.ts";
import type { UserStore } from "../ports/store.ts";

/** Whoever a credential stands for, with the role that the store has; null where it stands for nobody. */
export interface Authenticate {
  readonly byToken: (token: string | null) => Promise<Actor | null>;
  readonly byTicket: (ticket: string) => Promise<Actor | null>;
}

interface Parts {
  readonly tokens: Pick<Tokens, "verify">;
  readonly tickets: Pick<Tickets, "redeem">;
  readonly users: Pick<UserStore, "byId">;
  /** Told of every credential that is refused. */
  readonly refused: (reason: TokenFault) => void;
}

/** OI1: the store is asked at every use, so that what was revoked is refused from that moment on. */
export function createAuthenticate({ tokens, tickets, users, refused }: Parts): Authenticate {
  const admit = (found: User | TokenFault): Actor | null => {
    if (typeof found !== "string") return { id: found.id, role: found.role, name: found.name };
    refused(found);
    return null;
  };
  const byToken = async (token: string | null): Promise<User | TokenFault> => {
    if (!token) return "missing";
    const checked = await tokens.verify(token);
    if (checked.kind === "refused") return checked.reason;
    const user = await users.byId(checked.userId);
    return standing(user, (holder) => isOfNow(checked, holder));
  };
  const byTicket = async (ticket: string): Promise<User | TokenFault> => {
    const holder = await tickets.redeem(ticket);
    if (!holder) return "ticket";
    const user = await users.byId(holder.userId);
    return standing(user, ({ tokensFrom }) => tokensFrom === holder.tokensFrom);
  };
  return {
    byToken: async (token) => admit(await byToken(token)),
    byTicket: async (ticket) => admit(await byTicket(ticket)),
  };
}

/** The user, if they are still one and nothing has ended the credential since. */
function standing(user: User | null, isOfNow: (user: User) => boolean): User | TokenFault {
  if (!user) return "unknown-user";
  if (user.disabled) return "disabled";
  return isOfNow(user) ? user : "superseded";
}

/** OI2: our own tokens say exactly what they are from; another system's only the second in which it was made. */
function isOfNow({ tokensFrom, issuedAt }: OwnToken, user: User): boolean {
  return tokensFrom === null ? (issuedAt ?? 0) >= user.tokensFrom : tokensFrom === user.tokensFrom;
}
