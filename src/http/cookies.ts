import type { CookieName } from "../commands/visit.ts";

const NAMES: Readonly<Record<CookieName, string>> = {
  browser: "rollcall_session",
  device: "rollcall_device",
  outside: "rollcall_sign_in",
};

/** Over https a name that no other host, and no page without https, can set. */
const nameOf = (name: CookieName, secure: boolean): string =>
  secure ? `__Host-${NAMES[name]}` : NAMES[name];

/** The value of our cookie in a request's header; null where there is none. */
export function readCookie(header: string | null, name: CookieName, secure: boolean): string | null {
  return header === null ? null : new Bun.CookieMap(header).get(nameOf(name, secure)) || null;
}

/** AC2: a Set-Cookie that scripts cannot read, other sites do not send, and over https nobody overhears; null takes it away. */
export function writeCookie(
  name: CookieName,
  value: string | null,
  { secure, lifetimeMs }: { readonly secure: boolean; readonly lifetimeMs: number },
): string {
  return new Bun.Cookie(nameOf(name, secure), value ?? "", {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure,
    maxAge: value === null ? 0 : Math.ceil(lifetimeMs / 1000),
  }).toString();
}
