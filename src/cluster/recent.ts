/** The last names that were seen: what comes twice is done once. */
export class Recent {
  readonly #seen = new Set<string>();

  constructor(private readonly max = 2000) {}

  /** Whether the name was not seen lately; it is from now on. */
  isNew(name: string): boolean {
    if (this.#seen.has(name)) return false;
    this.#seen.add(name);
    if (this.#seen.size > this.max) for (const oldest of this.#seen) if (this.#seen.delete(oldest)) break;
    return true;
  }
}
