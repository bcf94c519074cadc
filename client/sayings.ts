interface Saying {
  readonly text: string;
  readonly settle: (isSaid: boolean) => void;
}

/** What was written and has not come back yet: only what comes back has been said. */
export class Sayings {
  #waiting: readonly Saying[] = [];

  add(text: string): Promise<boolean> {
    return new Promise((settle) => {
      this.#waiting = [...this.#waiting, { text, settle }];
    });
  }

  /** One's own words, as the server told them to everyone. */
  said(text: string): void {
    this.#settle(
      this.#waiting.find((one) => one.text === text),
      true,
    );
  }

  /** The server takes one after the other, and so refuses the oldest. */
  refused(): void {
    this.#settle(this.#waiting[0], false);
  }

  /** Nothing comes back any more. */
  lost(): void {
    for (const one of this.#waiting) this.#settle(one, false);
  }

  #settle(saying: Saying | undefined, isSaid: boolean): void {
    this.#waiting = this.#waiting.filter((one) => one !== saying);
    saying?.settle(isSaid);
  }
}
