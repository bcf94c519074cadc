import type { Actor } from "../core/people.ts";
import type { Tokens } from "../ports/identity.ts";
import type { UserStore } from "../ports/store.ts";

/** Whoever the token stands for, with the role that the store has; null where it stands for nobody. */
export type Authenticate = (token: string | null) => Promise<Actor | null>;

export function createAuthenticate(tokens: Tokens, users: UserStore): Authenticate {
  return async (token) => {
    const claims = token ? await tokens.verify(token) : null;
    const user = claims && (await users.byId(claims.userId));
    return user && { id: user.id, role: user.role, name: user.name };
  };
}

/** The token of an Authorization header: bare, or after `Bearer ` in any letter case. */
export const bearer = (header: string | null | undefined): string | null =>
  header?.replace(/^Bearer\s+/i, "").trim() || null;
