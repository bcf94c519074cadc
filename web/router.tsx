import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";
import { SCREENS, type ScreenName } from "../protocol/screens.ts";

export type Params = Readonly<Record<string, string>>;

/** The screen that an address is of, with its parameters. */
export interface Place {
  readonly screen: ScreenName;
  readonly params: Params;
}

/** The address of a screen; `params` fill what its path leaves open. */
export const pathOf = (screen: ScreenName, params: Params = {}): string =>
  SCREENS[screen].replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? ""));

/** The screen at a path; null where there is none. */
export function placeOf(path: string): Place | null {
  for (const screen of NAMES) {
    const params = matched(SCREENS[screen].split("/"), path.split("/"));
    if (params) return { screen, params };
  }
  return null;
}

/** Goes to another address of the app; `replace` where the one before should not be gone back to. */
export function go(path: string, { replace = false } = {}): void {
  if (path === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** The path of the address, kept up with. */
export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
}

/** A link within the app: a plain one to everything that does not just click it. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    go(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}

const NAMES = Object.keys(SCREENS).filter((name): name is ScreenName => name in SCREENS);
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function matched(pattern: readonly string[], path: readonly string[]): Params | null {
  if (pattern.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const given = path[at] ?? "";
    if (!part.startsWith(":")) {
      if (part !== given) return null;
    } else if (given === "") return null;
    else params[part.slice(1)] = decoded(given);
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
