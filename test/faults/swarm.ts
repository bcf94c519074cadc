import { OPCODE, takeFrames } from "./frames.ts";
import { Tcp } from "./tcp.ts";

export interface SwarmPlan {
  readonly url: string;
  readonly sockets: number;
  /** What the nth sends at once. */
  readonly opening: (n: number) => string | Uint8Array;
  /** What it sends once the head of an answer is there. */
  readonly greeting?: (n: number) => Uint8Array;
  /** Whether it reads no more from then on. */
  readonly deaf?: true;
  /** What all of them then send, again and again. */
  readonly again?: { readonly bytes: Uint8Array; readonly everyMs: number };
  /** Whether another takes the place of one that was cut off. */
  readonly renewed?: boolean;
}

const HEAD_END = "\r\n\r\n";
/** Fewer than a server's queue of connections that it has yet to accept. */
const AT_ONCE = 100;
const RENEW_MS = 50;

interface Member {
  readonly tcp: Tcp;
  upgraded: boolean;
}

/** Many sockets that all do the same, none of them as a client should. */
export class Swarm {
  readonly #members: Member[] = [];
  readonly #timers: Timer[] = [];
  /** How often each close code came. */
  readonly closeCodes = new Map<number, number>();
  /** How many were cut off by the server, with a close code or without. */
  cut = 0;
  #opened = 0;

  private constructor(private readonly plan: SwarmPlan) {}

  /** Connects them all; resolves once each has sent its opening. */
  static async gather(plan: SwarmPlan): Promise<Swarm> {
    const swarm = new Swarm(plan);
    while (swarm.#members.length < plan.sockets) await swarm.#fill();
    const { again, renewed } = plan;
    if (again) swarm.#timers.push(setInterval(() => swarm.#sendAgain(again.bytes), again.everyMs));
    swarm.#timers.push(setInterval(() => swarm.#look(renewed === true), RENEW_MS));
    return swarm;
  }

  /** How many the server still holds. */
  get held(): number {
    return this.#members.length;
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { tcp } of this.#members) tcp.destroy();
    this.#members.length = 0;
  }

  async #fill(): Promise<void> {
    const missing = Math.min(AT_ONCE, this.plan.sockets - this.#members.length);
    const opened = await Promise.all(Array.from({ length: missing }, () => this.#open(this.#opened++)));
    this.#members.push(...opened);
  }

  async #open(n: number): Promise<Member> {
    const { url, opening, greeting, deaf } = this.plan;
    const tcp = await Tcp.open(url);
    tcp.send(opening(n));
    if (!greeting) return { tcp, upgraded: false };
    await tcp.until("an answer", () => tcp.ended || tcp.received.includes(HEAD_END));
    tcp.send(greeting(n));
    if (deaf) tcp.stopReading();
    return { tcp, upgraded: false };
  }

  #sendAgain(bytes: Uint8Array): void {
    for (const { tcp } of this.#members) if (!tcp.full) tcp.send(bytes);
  }

  #look(renewed: boolean): void {
    for (const member of this.#members) this.#read(member);
    const gone = this.#members.filter(({ tcp }) => tcp.ended);
    this.cut += gone.length;
    for (const { tcp } of gone) tcp.destroy();
    this.#members.splice(0, Number.POSITIVE_INFINITY, ...this.#members.filter(({ tcp }) => !tcp.ended));
    // One that finds no place now tries again at the next look.
    if (renewed && gone.length > 0) this.#fill().catch(() => undefined);
  }

  /** Notes a close code; nothing else that came is kept. */
  #read(member: Member): void {
    const { tcp } = member;
    const head = member.upgraded ? -1 : tcp.received.indexOf(HEAD_END);
    if (head >= 0 && tcp.received.toString("latin1", 9, 12) === "101") {
      member.upgraded = true;
      tcp.received = tcp.received.subarray(head + HEAD_END.length);
    }
    if (!member.upgraded) return;
    const { frames, rest } = takeFrames(tcp.received);
    tcp.received = rest;
    for (const { opcode, payload } of frames) {
      if (opcode !== OPCODE.close || payload.length < 2) continue;
      const code = payload.readUInt16BE(0);
      this.closeCodes.set(code, (this.closeCodes.get(code) ?? 0) + 1);
    }
  }
}
