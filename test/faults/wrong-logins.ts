/** What came of wrong logins, by status. */
export type Answered = Record<number, number>;

/** Who is guessed at: one account, or each time another. */
export type Aim = "one account" | "many accounts";

/** Sends so many wrong logins a second, whatever the answers take, until it is ended. */
export class WrongLogins {
  readonly answered: Answered = {};
  #count = 0;
  #going = true;
  readonly #done: Promise<void>;
  readonly #underway = new Set<Promise<void>>();

  constructor(
    private readonly url: string,
    private readonly perSecond: number,
    private readonly aim: Aim,
  ) {
    this.#done = this.#send();
  }

  async end(): Promise<Answered> {
    this.#going = false;
    await this.#done;
    await Promise.all(this.#underway);
    return this.answered;
  }

  async #send(): Promise<void> {
    const began = performance.now();
    while (this.#going) {
      const due = ((performance.now() - began) * this.perSecond) / 1000;
      for (; this.#count < due; this.#count++) {
        const asked = this.#ask(this.aim === "one account" ? 0 : this.#count);
        this.#underway.add(asked);
        void asked.finally(() => this.#underway.delete(asked));
      }
      await Bun.sleep(5);
    }
  }

  async #ask(account: number): Promise<void> {
    const answer = await fetch(`${this.url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: `guessed${account}@school.test`, password: "a wrong guess" }),
    });
    await answer.arrayBuffer();
    this.answered[answer.status] = (this.answered[answer.status] ?? 0) + 1;
  }
}

/** Logs in with a right password as somebody would who does what Retry-After says; gives how many tries it took. */
export async function persist(url: string, account: { email: string; password: string }): Promise<number> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(`${url}/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    await answer.arrayBuffer();
    if (answer.status === 200) return tries;
    if (answer.status !== 429 && answer.status !== 503)
      throw new Error(`a right password got ${answer.status}`);
    await Bun.sleep(Number(answer.headers.get("retry-after")) * 1000);
  }
}
