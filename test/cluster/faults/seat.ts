import type { CommandFrame } from "../../../protocol/v1.ts";
import type { Random } from "../../faults/random.ts";
import type { Pupil } from "../../faults/storm-school.ts";
import { V1Client } from "../../faults/v1-client.ts";
import type { History } from "./history.ts";

const AGAIN_MS = 100;
const UNSAVED_MS = 250;

interface Parts {
  readonly name: string;
  readonly who: Pupil;
  readonly history: History;
  readonly random: Random;
  /** The servers that there are now. */
  readonly urls: () => readonly string[];
}

/** A socket of rollcall.v1 and its client, which connects again to any server and sends again what has no answer. */
export class Seat {
  readonly client: V1Client;
  /** How often its connection was lost. */
  losses = 0;
  #over = false;
  #move: { readonly to: number; readonly done: () => void } | null = null;
  #kept: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(private readonly parts: Parts) {
    const { who, history, name } = parts;
    this.client = new V1Client(who.token);
    this.client.heard = (frame) => {
      history.heard(name, frame);
      if (frame.type === "refused" && frame.code === "could-not-save") this.#again(frame.id);
      // A client that is told less than it asked for asks anew.
      if (frame.type === "error") void this.client.close();
    };
  }

  get name(): string {
    return this.parts.name;
  }

  get who(): Pupil {
    return this.parts.who;
  }

  /** The frames that were sent, for those that were refused are no longer open. */
  readonly #frames = new Map<string, CommandFrame>();

  #again(id: string): void {
    const frame = this.#frames.get(id);
    if (!frame) return;
    this.client.refused.delete(id);
    // Open again at once, so that a lost connection does not lose it.
    this.client.open.set(id, frame);
    setTimeout(() => this.client.open.has(id) && this.client.command(frame), UNSAVED_MS).unref();
  }

  /** Connects, to the nth server first, and again for as long as it lives. Resolves once it is in. */
  async begin(first: number): Promise<void> {
    await this.#connect(first);
    this.#kept = this.#keep();
  }

  async #connect(at: number): Promise<void> {
    const { urls, random } = this.parts;
    for (let next = at; !this.#over; next = random.below(1000)) {
      const all = urls();
      try {
        await this.client.connect(all[next % all.length] ?? "");
        return;
      } catch {
        await Bun.sleep(AGAIN_MS * (0.5 + random.next()));
      }
    }
  }

  async #keep(): Promise<void> {
    while (!this.#over) {
      await this.client.closed();
      this.losses++;
      const move = this.#move;
      this.#move = null;
      if (!this.#over) await this.#connect(move?.to ?? this.parts.random.below(1000));
      move?.done();
    }
  }

  /** Leaves the server that it is on for the nth. Resolves once it is in. */
  moveTo(to: number): Promise<void> {
    return new Promise((done) => {
      this.#move = { to, done };
      void this.client.close();
    });
  }

  /** Sends a command under a new id. */
  command(make: (id: string) => CommandFrame): string {
    const id = `${this.name}-${++this.#count}`;
    const frame = make(id);
    this.#frames.set(id, frame);
    this.parts.history.sent(this.name, this.parts.who.id, frame);
    this.client.command(frame);
    return id;
  }

  /** Resolves once the command is acknowledged or refused for good. */
  async answered(id: string): Promise<boolean> {
    while (!this.client.acknowledged.has(id) && !this.client.refused.has(id)) await Bun.sleep(5);
    return this.client.acknowledged.has(id);
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.client.close();
    await this.#kept;
  }
}
