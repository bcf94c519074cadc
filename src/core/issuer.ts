import type { Role } from "./people.ts";

/** Who signs people in beside, or instead of, our own passwords. */
export interface IssuerRules {
  /** The URL that it is known by, as the operator wrote it. */
  readonly url: string;
  /** Where its keys and its word on people are, where that is known without asking it; null: it is asked (discovery). */
  readonly endpoints: IssuerEndpoints | null;
  readonly audience: string;
  /** The claim, or the path of a claim within claims, that tells the role. */
  readonly roleClaim: string;
  /** The role of those whose token tells none; null: they are refused. */
  readonly roleDefault: Exclude<Role, "admin"> | null;
  /** The claims that may tell the name and the email, the first that does counts. */
  readonly nameClaims: readonly string[];
  readonly emailClaims: readonly string[];
}

/** Who we are to the issuer when browsers sign in by it. */
export interface IssuerClient {
  readonly id: string;
  /** Null for a public client. */
  readonly secret: string | null;
}

export interface IssuerEndpoints {
  /** What its tokens say that it is, to the letter. */
  readonly issuer: string;
  readonly keysUrl: string;
  readonly userInfoUrl: string | null;
}

/** Who makes accounts and takes passwords: we, or else who. */
export type Accounts = "local" | "auth0" | "elsewhere";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether keys and codes may be had from there: by https, or by http from this machine alone. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
}
