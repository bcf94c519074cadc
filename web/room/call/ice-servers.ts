import { Backoff } from "../../../client/backoff.ts";
import type { Timers } from "../../../client/index.ts";
import { Told } from "./told.ts";

/** One of them, as the browser takes it. */
export interface IceServer {
  readonly urls: string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The servers by which a way to the others is found. */
export interface Ice {
  readonly servers: readonly IceServer[];
  /** For so long, in ms from when they came, they can be used. */
  readonly lifetimeMs: number;
}

/** Those servers, asked for again before their credentials expire, and where they could not be had. */
export class IceServers {
  readonly told = new Told<readonly IceServer[]>([]);
  readonly #backoff: Backoff;
  #cancel: () => void = () => undefined;
  /** Counts the beginnings and ends: an answer to something older is put aside. */
  #turn = 0;

  constructor(
    private readonly ask: () => Promise<Ice>,
    private readonly timers: Timers,
    private readonly random: () => number = Math.random,
  ) {
    this.#backoff = new Backoff(random);
  }

  /** Asks until `end`; resolves after the first answer, also where that was none. */
  async begin(): Promise<void> {
    this.end();
    await this.#askAnew(this.#turn);
  }

  end(): void {
    this.#turn += 1;
    this.#cancel();
  }

  async #askAnew(turn: number): Promise<void> {
    const ice = await this.ask().catch(() => null);
    if (turn !== this.#turn) return;
    if (ice) {
      this.#backoff.reset();
      this.told.set(ice.servers);
    }
    const wait = ice ? this.#half(ice) : this.#backoff.next("soon");
    this.#cancel = this.timers.after(wait, () => void this.#askAnew(turn));
  }

  /** About half of their life, and not everyone at once. */
  #half = ({ lifetimeMs }: Ice): number => lifetimeMs * (0.4 + this.random() / 10);
}
