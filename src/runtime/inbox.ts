import type { Handling } from "../hub/connection.ts";
import type { Socket } from "./socket.ts";

type AnySocket = Socket<unknown>;

/**
 * Hands queued frames to their dialects, at the end of each turn of the event loop: each socket's in their order, one
 * after the other where a frame must wait for the one before, and so many of each that none keeps the others waiting.
 */
export class Inbox {
  #ready = new Set<AnySocket>();
  #scheduled = false;

  constructor(private readonly broke: (socket: AnySocket, error: unknown) => void) {}

  /** The socket has frames waiting. */
  wake(socket: AnySocket): void {
    this.#ready.add(socket);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const ready = this.#ready;
    this.#ready = new Set();
    for (const socket of ready) this.#drain(socket);
  }

  #drain(socket: AnySocket): void {
    for (let left = socket.atOnce; socket.ready && left > 0; left--) {
      const handling = this.#handle(socket);
      if (handling) this.#follow(socket, handling);
      else socket.waiting--;
    }
    if (socket.ready) this.wake(socket);
  }

  #handle(socket: AnySocket): Handling | null {
    try {
      return socket.handleNext();
    } catch (error) {
      this.broke(socket, error);
      return null;
    }
  }

  #follow(socket: AnySocket, { finished, blocking }: Handling): void {
    socket.blocked = blocking;
    const done = () => {
      socket.waiting--;
      if (!blocking) return;
      socket.blocked = false;
      if (socket.waiting > 0) this.wake(socket);
    };
    finished.then(done, (error: unknown) => {
      this.broke(socket, error);
      done();
    });
  }
}
