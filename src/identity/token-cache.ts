import type { OutsideToken, OwnToken } from "../ports/identity.ts";

type Good = OwnToken | OutsideToken;

interface Entry {
  readonly token: Good;
  readonly version: number;
}

/**
 * OI9: good tokens, by their hashes, so that nobody reads a token out of memory. Two generations bound it: what was not
 * asked for during a whole one is forgotten. That a token is here says that its signature is right and no more:
 * times are compared at every use, and the keys' number, and whoever asks looks at the user anew.
 */
export class TokenCache {
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  constructor(private readonly size: number) {}

  /** The token, if it was good and still is at `now` under the keys of this version. */
  get(text: string, now: number, version: number): Good | null {
    const key = hashOf(text);
    const entry = this.#young.get(key) ?? this.#old.get(key);
    if (!entry || entry.version !== version) return null;
    const { token } = entry;
    if (now < token.validFrom || now >= token.validUntil) return null;
    if (!this.#young.has(key)) this.#keep(key, entry);
    return token;
  }

  put(text: string, token: Good, version: number): void {
    this.#keep(hashOf(text), { token, version });
  }

  #keep(key: string, entry: Entry): void {
    if (this.#young.size >= this.size / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, entry);
  }
}

const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("base64");
