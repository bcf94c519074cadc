import type { Failures } from "../core/throttle.ts";

/** Failures counted by key, each forgotten a while after its last one. Every node of a cluster may share them. */
export interface FailureWindows {
  /** Null where nothing is counted, or it was forgotten. */
  of(key: string): Promise<Failures | null>;
  /** Counts one more, in one step; forgotten `keepMs` after `at` unless another comes. */
  add(key: string, at: number, keepMs: number): Promise<void>;
  forget(key: string): Promise<void>;
}

/** Where a password is tried: at which account, from which address, and from which remembered device, if from one. */
export interface Place {
  readonly account: string;
  readonly address: string;
  readonly device: string | null;
}

/** Seconds until a further try is taken. */
export interface Wait {
  readonly waitS: number;
}

type Tried = "right" | "wrong" | "busy";

export interface LoginThrottle {
  /**
   * Tries a password when it is this place's turn. A place that failed too often is told how long to wait and is not
   * tried; "busy" where too many wait for a turn. Never tells whether there is such an account.
   */
  attempt(place: Place, check: () => Promise<Tried>): Promise<Tried | Wait>;
}
