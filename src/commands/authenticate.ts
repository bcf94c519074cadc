import type { Actor, User } from "../core/people.ts";
import type { BrowserSessions } from "../ports/browser-sessions.ts";
import type { OwnToken, Tickets, TokenFault, Tokens } from "../ports/identity.ts";
import type { UserStore } from "../ports/store.ts";
import type { Outsiders } from "./outsiders.ts";
import type { SignedIn } from "./visit.ts";

/** Whoever a credential stands for, with the role that the store has; null where it stands for nobody. */
export interface Authenticate {
  readonly byToken: (token: string | null) => Promise<Actor | null>;
  readonly byTicket: (ticket: string) => Promise<Actor | null>;
  /** By the secret in a browser's cookie. */
  readonly byBrowser: (secret: string | null) => Promise<SignedIn | null>;
  /** Whether nothing has ended since what the actor came by. */
  readonly stands: (actor: Actor) => Promise<boolean>;
}

interface Parts {
  readonly tokens: Pick<Tokens, "verify">;
  readonly tickets: Pick<Tickets, "redeem">;
  readonly users: Pick<UserStore, "byId">;
  readonly browsers: Pick<BrowserSessions, "find" | "list">;
  readonly outsiders: Outsiders;
  /** Told of every credential that is refused. */
  readonly refused: (reason: TokenFault) => void;
}

/** OI1: the store is asked at every use, so that what was revoked is refused from that moment on. */
export function createAuthenticate({
  tokens,
  tickets,
  users,
  browsers,
  outsiders,
  refused,
}: Parts): Authenticate {
  const admit = (found: User | TokenFault, browser: Actor["browser"] = null): Actor | null => {
    if (typeof found !== "string") {
      const { id, role, name, tokensFrom } = found;
      return { id, role, name, tokensFrom, browser };
    }
    refused(found);
    return null;
  };
  const byToken = async (token: string | null): Promise<User | TokenFault> => {
    if (!token) return "missing";
    const checked = await tokens.verify(token);
    if (checked.kind === "refused") return checked.reason;
    if (checked.kind === "outside") return outsiders(checked, token);
    return standing(await users.byId(checked.userId), (user) => isOfNow(checked, user));
  };
  const byTicket = async (ticket: string): Promise<User | TokenFault> => {
    const holder = await tickets.redeem(ticket);
    if (!holder) return "ticket";
    const user = await users.byId(holder.userId);
    return standing(user, ({ tokensFrom }) => tokensFrom === holder.tokensFrom);
  };
  const byBrowser = async (secret: string | null): Promise<SignedIn | null> => {
    const session = secret === null ? null : await browsers.find(secret);
    if (!session || secret === null) {
      if (secret !== null) refused("browser");
      return null;
    }
    const user = await users.byId(session.userId);
    const isOfSession = ({ tokensFrom }: User) => tokensFrom === session.tokensFrom;
    const actor = admit(standing(user, isOfSession), session.id);
    return actor && { actor, session, secret };
  };
  return {
    byBrowser,
    stands: async ({ id, tokensFrom, browser }) => {
      const user = standing(await users.byId(id), (now) => now.tokensFrom === tokensFrom);
      if (typeof user === "string" || browser === null) return typeof user !== "string";
      return (await browsers.list(id)).some((session) => session.id === browser);
    },
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
