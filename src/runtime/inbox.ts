import type { Connection, Handling } from "../hub/connection.ts";
import type { Frame, Socket } from "./socket.ts";

type Receive = (connection: Connection, frame: Frame) => Handling | null;

/**
 * Hands queued frames to the dialect, at the end of each turn of the event loop: each socket's in their order, one
 * after the other where a frame must wait for the one before.
 */
export class Inbox {
  #ready = new Set<Socket>();
  #scheduled = false;

  constructor(
    private readonly receive: Receive,
    private readonly broke: (connection: Connection, error: unknown) => void,
  ) {}

  /** The socket has frames waiting. */
  wake(socket: Socket): void {
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

  #drain(socket: Socket): void {
    for (let frame = socket.next(); frame !== undefined; frame = socket.next()) {
      const handling = this.#handle(socket, frame);
      if (handling) this.#follow(socket, handling);
      else socket.waiting--;
    }
  }

  #handle(socket: Socket, frame: Frame): Handling | null {
    try {
      return this.receive(socket.connection, frame);
    } catch (error) {
      this.broke(socket.connection, error);
      return null;
    }
  }

  #follow(socket: Socket, { finished, blocking }: Handling): void {
    socket.blocked = blocking;
    const done = () => {
      socket.waiting--;
      if (!blocking) return;
      socket.blocked = false;
      if (socket.waiting > 0) this.wake(socket);
    };
    finished.then(done, (error: unknown) => {
      this.broke(socket.connection, error);
      done();
    });
  }
}
