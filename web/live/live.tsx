import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { type Client, connect, indexedDbStorage, type SessionState } from "../../client/index.ts";
import { queries } from "../api/queries.ts";
import { lost, socketCredentials } from "../session.ts";

const Live = createContext<LiveStore | null>(null);
const UNAUTHORIZED = 4401;
/** What still waits outlives the page here. */
const COMMANDS = "rollcall-commands";

/** What every screen shows of the connection. */
export interface ConnectionShown {
  readonly state: "live" | "connecting" | "offline" | "closed";
  /** Commands that wait for their answer. */
  readonly waiting: number;
}

/** Keeps one rollcall.v1 connection for whoever is below; `user` is whose it is. */
export function LiveProvider({ user, children }: { readonly user: string; readonly children: ReactNode }) {
  const store = useMemo(() => new LiveStore(user), [user]);
  useEffect(() => store.open(), [store]);
  return <Live value={store}>{children}</Live>;
}

/** The state of the connection in a form that changes only when something of it does. */
export function useConnection(): ConnectionShown {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.connection);
}

/** The sessions that are known, running and lately ended, newest first. */
export function useLiveSessions(): readonly SessionState[] {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.sessions);
}

/** The last session of the class that is known here: the running one where one runs. */
export const useSessionOf = (classId: string): SessionState | undefined =>
  useLiveSessions().find((session) => session.class === classId);

function useStore(): LiveStore {
  const store = useContext(Live);
  if (!store) throw new Error("there is no LiveProvider above");
  return store;
}

/** The client, with what React asks of a store: the same value until it changes. */
class LiveStore {
  readonly client: Client;
  #listeners = new Set<() => void>();
  #sessions: readonly SessionState[] = [];
  #connection: ConnectionShown = { state: "connecting", waiting: 0 };

  constructor(user: string) {
    const url = `${location.origin.replace("http", "ws")}/ws`;
    this.client = connect({ url, credentials: socketCredentials, storage: indexedDbStorage(COMMANDS), user });
  }

  /** Listens until what it returns is called, which also ends the connection. */
  open(): () => void {
    const { client } = this;
    const wake = () => {
      if (document.visibilityState === "visible") client.wake();
    };
    const stops = [
      client.on("status", (status) => {
        if (status.state === "closed" && status.code === UNAUTHORIZED) lost();
        this.#changed();
      }),
      client.on("command", () => this.#changed()),
      client.on("session", () => this.#changed()),
      client.on("forgotten", () => this.#changed()),
      client.on("member", () => void queries.invalidateQueries({ queryKey: ["classes"] })),
      client.on("event", ({ event }) => {
        if (event.type === "ended") void queries.invalidateQueries({ queryKey: ["held"] });
        if (event.type === "enrolled" || event.type === "withdrawn")
          void queries.invalidateQueries({ queryKey: ["classes"] });
      }),
    ];
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    void client.stored.then(() => this.#changed());
    return () => {
      for (const stop of stops) stop();
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      client.close();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly sessions = (): readonly SessionState[] => this.#sessions;
  readonly connection = (): ConnectionShown => this.#connection;

  #changed(): void {
    const { client } = this;
    this.#sessions = [...client.sessions.values()].toSorted((a, b) => b.startedAt - a.startedAt);
    const next = { state: stateOf(client), waiting: client.waiting.length };
    if (next.state !== this.#connection.state || next.waiting !== this.#connection.waiting)
      this.#connection = next;
    for (const listener of this.#listeners) listener();
  }
}

function stateOf({ status }: Client): ConnectionShown["state"] {
  if (status.state === "ready") return "live";
  if (status.state === "waiting") return "offline";
  return status.state;
}
