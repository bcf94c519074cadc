import { type Client, connect, type OpenSocket, type QueueStorage } from "../../client/index.ts";
import { teacher } from "../core/arbitrary.ts";
import { type House, type Link, quiet, turn } from "../dialects/house.ts";
import { FakeTimers } from "./fakes.ts";

/** A connection is lost once so many frames have gone one way; `silent`: without the client being told. */
export interface Loss {
  readonly up: number;
  readonly down: number;
  readonly silent: boolean;
}

/** A server that may be killed, a client that may be reloaded, and between them a network that loses connections. */
export class World {
  readonly timers = new FakeTimers();
  client: Client;
  #losses: Loss[];
  /** Cuts the client's connection, without telling it where `silent`. */
  #cut: (silent: boolean) => void = () => undefined;

  constructor(
    public house: House,
    private readonly storage: QueueStorage,
    losses: readonly Loss[],
    private readonly random: () => number,
    private readonly opened: (client: Client) => void,
  ) {
    this.#losses = [...losses];
    this.client = this.#open();
  }

  #open(): Client {
    const client = connect({
      url: "ws://house/ws",
      credentials: async () => ({ token: teacher }),
      storage: this.storage,
      timers: this.timers,
      random: this.random,
      webSocket: this.#socket,
    });
    this.opened(client);
    return client;
  }

  /** The page is loaded anew, a moment after the last command: all that is left is the storage. */
  async reload(): Promise<void> {
    this.client.close();
    await this.client.stored;
    this.client = this.#open();
  }

  /** The server is killed and lives again. */
  async killed(): Promise<void> {
    this.house.kill();
    this.house = await this.house.reborn();
  }

  /** No more losses after this one: everything comes to its end. */
  async heal(): Promise<void> {
    this.#losses = [];
    this.#cut(true);
    for (let tries = 0; tries < 20; tries++) {
      // Long enough to find out that a silent server is a dead one.
      await this.timers.pass(41_000);
      await quiet();
      if (this.client.status.state === "ready" && this.client.waiting.length === 0) return;
    }
    throw new Error(`still ${JSON.stringify([this.client.status, this.client.waiting])}`);
  }

  readonly #socket: OpenSocket = (_url, _protocol, heard) => {
    const loss = this.#losses.shift();
    let [up, down, alive] = [0, 0, true];
    const cut = (silent: boolean) => {
      if (!alive) return;
      alive = false;
      if (!silent) void turn().then(() => heard.closed(1006));
      link.cut();
    };
    const link: Link = this.house.connect({
      frame: (text) => {
        if (loss && down++ === loss.down) cut(loss.silent);
        else if (alive) heard.text(text);
      },
      closed: () => cut(false),
    });
    this.#cut = cut;
    void turn().then(() => alive && heard.opened());
    return {
      send: (text) => {
        if (loss && up++ === loss.up) cut(loss.silent);
        else if (alive) link.send(text);
      },
      close: () => cut(true),
    };
  };
}
