import { Redis, type RedisOptions } from "ioredis";
import type { Bus, BusListener, BusState, OpenBus } from "../ports/bus.ts";

interface Options {
  /** redis:// or rediss://, with name and password where it asks for them. */
  readonly url: string;
  /** Stands before every channel: deployments that share a Redis must not hear each other. */
  readonly prefix: string;
  /** How often the subscription is tried by a message to oneself, in ms. */
  readonly heartbeatMs: number;
  readonly troubled: (what: string, error: unknown) => void;
}

/** Channels in one command. */
const CHANNELS_AT_ONCE = 500;
/** What may be on its way to a Redis that does not answer; more is dropped, for all of it is hints. */
const UNDERWAY_MAX = 5000;
const AGAIN_MAX_MS = 1000;
const CONNECT_MS = 3000;
/** After so many heartbeats that were not heard news is late. */
const LATE_BEATS = 3;
/** A subscription that is silent for so many heartbeats is dead, whatever its socket says. */
const SILENT_BEATS = 10;

/** News by Redis 7: sharded channels, one connection that listens and one that tells, both made again for ever. */
export const redisBus =
  (options: Options): OpenBus =>
  (listener) =>
    new RedisBus(options, listener);

class RedisBus implements Bus {
  readonly #followed = new Set<string>();
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #own: string;
  readonly #timer: Timer;
  /** When the last heartbeat that was heard had been sent, and when anything was heard; by performance.now(). */
  #beatAt = Number.NEGATIVE_INFINITY;
  #heardAt = performance.now();
  #underway = 0;
  #unsaid = 0;
  #state: BusState = "down";
  /** Whether the operator knows that it fails. */
  #isTold = false;

  constructor(
    private readonly options: Options,
    private readonly listener: BusListener,
  ) {
    this.#own = `${options.prefix}:beat/${crypto.randomUUID()}`;
    this.#publisher = this.#connect("tells");
    this.#subscriber = this.#connect("listens");
    this.#subscriber.on("ready", () => this.#listenAgain());
    this.#subscriber.on("smessage", (channel: string, message: string) => this.#heard(channel, message));
    this.#timer = setInterval(() => this.#beat(), options.heartbeatMs);
    this.#timer.unref();
  }

  #connect(what: string): Redis {
    const settings: RedisOptions = {
      connectionName: `rollcall ${what}`,
      // Nothing waits: what cannot be told now is not told, and the store is asked instead.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      connectTimeout: CONNECT_MS,
      retryStrategy: (times) => Math.min(AGAIN_MAX_MS, 50 * 2 ** Math.min(times, 8)),
    };
    const redis = new Redis(this.options.url, settings);
    redis.on("error", (error: Error) => this.#failed(error));
    redis.on("close", () => this.#look());
    return redis;
  }

  /** Each try to connect fails anew; one line is enough. Only the error's words: one of a refused login holds the password. */
  #failed({ message }: Error): void {
    if (!this.#isTold)
      this.options.troubled("Redis fails, the database is asked for news instead", new Error(message));
    this.#isTold = true;
    this.#look();
  }

  get state(): BusState {
    return this.#state;
  }

  get unsaid(): number {
    return this.#unsaid;
  }

  publish(channel: string, message: string): void {
    const unsaid = () => {
      this.#unsaid++;
    };
    this.#tell(this.#named(channel), message, unsaid);
  }

  #tell(channel: string, message: string, unsaid: () => void): void {
    if (this.#publisher.status !== "ready" || this.#underway >= UNDERWAY_MAX) {
      unsaid();
      return;
    }
    this.#underway++;
    const over = () => {
      this.#underway--;
    };
    this.#publisher.spublish(channel, message).catch(unsaid).then(over, over);
  }

  follow(channel: string): void {
    this.#followed.add(channel);
    if (this.#subscriber.status === "ready") this.#subscribe([channel]);
  }

  leave(channel: string): void {
    if (!this.#followed.delete(channel) || this.#subscriber.status !== "ready") return;
    this.#subscriber
      .sunsubscribe(this.#named(channel))
      .catch(() => "a new connection follows what is followed");
  }

  #listenAgain(): void {
    this.#heardAt = performance.now();
    this.#subscriber.ssubscribe(this.#own).catch(() => "the next connection does it again");
    const channels = [...this.#followed];
    for (let from = 0; from < channels.length; from += CHANNELS_AT_ONCE)
      this.#subscribe(channels.slice(from, from + CHANNELS_AT_ONCE));
  }

  #subscribe(channels: readonly string[]): void {
    const told = () => {
      for (const channel of channels) if (this.#followed.has(channel)) this.listener.following(channel);
    };
    this.#subscriber
      .ssubscribe(...channels.map((channel) => this.#named(channel)))
      .then(told, () => "the next connection does it again");
  }

  #named(channel: string): string {
    return `${this.options.prefix}:${channel}`;
  }

  #heard(channel: string, message: string): void {
    this.#heardAt = performance.now();
    if (channel === this.#own) {
      this.#beatAt = Math.max(this.#beatAt, Number(message));
      this.#look();
    } else this.listener.heard(channel.slice(this.options.prefix.length + 1), message);
  }

  #beat(): void {
    this.#tell(this.#own, String(performance.now()), () => undefined);
    const silence = performance.now() - this.#heardAt;
    if (this.#subscriber.status === "ready" && silence > SILENT_BEATS * this.options.heartbeatMs) {
      this.#heardAt = performance.now();
      for (const redis of [this.#subscriber, this.#publisher]) redis.disconnect(true);
    }
    this.#look();
  }

  #look(): void {
    const state = this.#judge();
    if (state === this.#state) return;
    this.#state = state;
    if (state === "ok") this.#isTold = false;
    this.listener.changed(state);
  }

  #judge(): BusState {
    if (this.#subscriber.status !== "ready" || this.#publisher.status !== "ready") return "down";
    const { heartbeatMs } = this.options;
    const now = performance.now();
    if (now - this.#beatAt <= LATE_BEATS * heartbeatMs) return "ok";
    return now - this.#heardAt <= SILENT_BEATS * heartbeatMs && this.#beatAt > Number.NEGATIVE_INFINITY
      ? "late"
      : "down";
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const redis of [this.#subscriber, this.#publisher]) redis.disconnect();
  }
}
