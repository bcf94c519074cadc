import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { ScreenName } from "../protocol/screens.ts";
import { ApiError } from "./api/error.ts";
import type { Params } from "./router.tsx";
import type { Me } from "./session.ts";

/** What every screen is given. */
export interface ScreenProps {
  readonly me: Me;
  readonly params: Params;
}

interface Screen {
  readonly Component: LazyExoticComponent<ComponentType<ScreenProps>>;
  readonly load: () => Promise<unknown>;
  /** Whether it is loaded before it is looked at: not what is of no use without a network. */
  readonly isAhead: boolean;
}

type Load = () => Promise<{ readonly default: ComponentType<ScreenProps> }>;

/** A screen whose script is loaded when it is first looked at; a script that does not come is the network's fault. */
function screen(load: Load, isAhead = true): Screen {
  const loaded = () =>
    load().catch((error: unknown): never => {
      throw new ApiError("offline", 0, String(error));
    });
  return { Component: lazy(loaded), load, isAhead };
}

const account = screen(() => import("./account/account.tsx"));
const held = screen(() => import("./teacher/held.tsx"));
const room = screen(() => import("./room/screen.tsx"), false);

/** The screens of each role. */
export const SCREENS_OF: Readonly<Record<Me["role"], Partial<Record<ScreenName, Screen>>>> = {
  teacher: {
    home: screen(() => import("./teacher/home.tsx")),
    class: screen(() => import("./teacher/class.tsx")),
    live: screen(() => import("./roll/screen.tsx")),
    room,
    held,
    account,
  },
  student: {
    home: screen(() => import("./student/home.tsx")),
    class: screen(() => import("./student/class.tsx")),
    room,
    account,
  },
  admin: {
    home: screen(() => import("./admin/home.tsx")),
    people: screen(() => import("./admin/people.tsx")),
    allClasses: screen(() => import("./admin/classes.tsx")),
    audit: screen(() => import("./admin/audit.tsx")),
    settings: screen(() => import("./admin/settings.tsx")),
    class: screen(() => import("./admin/class.tsx")),
    held,
    account,
  },
};

const QUIET_MS = 1000;

/** Loads the screens of a role once the first is up, so that a network which goes takes none of them away. */
export function loadAhead(role: Me["role"]): () => void {
  const timer = setTimeout(() => {
    for (const { load, isAhead } of Object.values(SCREENS_OF[role]))
      if (isAhead) load().catch(() => undefined);
  }, QUIET_MS);
  return () => clearTimeout(timer);
}
