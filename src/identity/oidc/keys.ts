import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import type { IssuerEndpoints } from "../../core/issuer.ts";
import type { Clock } from "../../ports/clock.ts";

/** What an issuer had when it was last reached. */
export interface Loaded {
  readonly endpoints: IssuerEndpoints;
  readonly keys: JSONWebKeySet;
}

/** A set of keys that tokens are checked by. */
export interface KeySet {
  readonly endpoints: IssuerEndpoints;
  readonly find: ReturnType<typeof createLocalJWKSet>;
  /** Another one means other keys: what the old ones signed must be checked anew. */
  readonly version: number;
}

interface Parts {
  readonly load: () => Promise<Loaded>;
  readonly clock: Clock;
  /** How old a set may grow before it is fetched again, beside its use. */
  readonly refreshMs: number;
  /** How long after one fetch the next may be. */
  readonly cooldownMs: number;
  readonly troubled: (what: string, error: unknown) => void;
}

/** OI5: an issuer's keys, fetched seldom; while it cannot be reached, the last good ones hold. */
export class IssuerKeys {
  #set: KeySet | null = null;
  #text = "";
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | null = null;

  constructor(private readonly parts: Parts) {}

  /** The number of the set that is in use; asking for it has an old one fetched again in time. */
  get version(): number {
    if (this.#set && this.#waited(this.parts.refreshMs)) void this.#load();
    return this.#set?.version ?? 0;
  }

  /** The keys in use, fetched if there are none yet; null where none could be had so far. */
  async current(): Promise<KeySet | null> {
    if (!this.#set) await this.#loadUnlessJustTried();
    return this.#set;
  }

  /** The keys after another fetch, for a token with a key that is not among them; the same ones if that was just tried. */
  async renewed(): Promise<KeySet | null> {
    await this.#loadUnlessJustTried();
    return this.#set;
  }

  async #loadUnlessJustTried(): Promise<void> {
    if (this.#loading || this.#waited(this.parts.cooldownMs)) await this.#load();
  }

  /** A clock that went back makes nobody wait for it to come forward again. */
  #waited(ms: number): boolean {
    return Math.abs(this.parts.clock.now() - this.#triedAt) >= ms;
  }

  #load(): Promise<void> {
    this.#loading ??= this.#fetch().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #fetch(): Promise<void> {
    this.#triedAt = this.parts.clock.now();
    try {
      const { endpoints, keys } = await this.parts.load();
      const text = JSON.stringify([endpoints, keys]);
      if (text === this.#text) return;
      this.#set = { endpoints, find: createLocalJWKSet(keys), version: (this.#set?.version ?? 0) + 1 };
      this.#text = text;
    } catch (error) {
      this.parts.troubled("the issuer's keys could not be fetched; the last good ones, if any, hold", error);
    }
  }
}
