/** Ends the listening that it was given for. */
export type Stop = () => void;

type Listeners<Events> = { [Name in keyof Events]?: Set<(happened: Events[Name]) => void> };

/** Tells whoever listens, by the name of what happened. */
export class Emitter<Events> {
  readonly #listeners: Listeners<Events> = {};

  on<Name extends keyof Events>(name: Name, listener: (happened: Events[Name]) => void): Stop {
    const listeners: Set<(happened: Events[Name]) => void> = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, happened: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(happened);
      } catch (error) {
        // A listener that breaks must break neither the connection nor the other listeners.
        console.error("A listener broke:", error);
      }
    }
  }
}
