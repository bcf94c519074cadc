/** The token of an Authorization header: bare, or after `Bearer ` in any letter case. */
export const bearer = (header: string | null | undefined): string | null =>
  header?.replace(/^Bearer\s+/i, "").trim() || null;
