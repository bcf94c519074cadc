import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { type Client, type Command, connect, type Queued, type SessionState } from "../../client/index.ts";
import { askAgain, queries } from "../api/queries.ts";
import { lost, socketCredentials } from "../session.ts";
import { commands } from "./commands.ts";

const Live = createContext<LiveStore | null>(null);
const UNAUTHORIZED = 4401;
/** More than a list of them is read. */
const REFUSALS_KEPT = 100;

/** What every screen shows of the connection. */
export interface ConnectionShown {
  readonly state: "live" | "connecting" | "offline" | "closed";
  /** Commands that wait for their answer. */
  readonly waiting: number;
}

/** A command that changed nothing, and why. */
export interface Refused {
  readonly id: string;
  readonly command: Command;
  readonly code: string;
}

interface LiveProviderProps {
  readonly user: string;
  readonly round: number;
  readonly children: ReactNode;
}

/** Keeps one rollcall.v1 connection for whoever is below; `user` is whose it is. */
export function LiveProvider({ user, round, children }: LiveProviderProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session, another connection.
  const store = useMemo(() => new LiveStore(user), [user, round]);
  useEffect(() => store.open(), [store]);
  return <Live value={store}>{children}</Live>;
}

/** The client of rollcall.v1: commands go through it. */
export const useClient = (): Client => useStore().client;

/** A session by its id, and whether it runs: of the last one of the class that is known here. */
export interface SessionAt {
  readonly session: string;
  readonly runs: boolean;
}

/** The same until another session of the class begins, or this one ends; however many marks arrive. */
export function useSessionAt(classId: string): SessionAt | null {
  const store = useStore();
  const key = useSyncExternalStore(store.subscribe, () => {
    const last = store.sessions().find((session) => session.class === classId);
    return last ? `${last.endedAt === null ? "runs" : "over"} ${last.session}` : "";
  });
  const [state, session] = key.split(" ");
  return useMemo(() => (session ? { session, runs: state === "runs" } : null), [session, state]);
}

/** Commands that the server has refused since the page was loaded, and how to put them aside. */
export function useRefusals(): readonly [readonly Refused[], () => void] {
  const store = useStore();
  return [useSyncExternalStore(store.subscribe, store.refusals), store.forgetRefusals];
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
  #refusals: readonly Refused[] = [];
  #connection: ConnectionShown = { state: "connecting", waiting: 0 };

  constructor(user: string) {
    const url = `${location.origin.replace("http", "ws")}/ws`;
    this.client = connect({ url, credentials: socketCredentials, storage: commands(), user });
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
        if (status.state === "ready") void askAgain();
        this.#changed();
      }),
      client.on("command", (told) => {
        if (told.state === "refused" && !told.outcome.ok) this.#refuse(told.command, told.outcome.code);
        this.#changed();
      }),
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
  readonly refusals = (): readonly Refused[] => this.#refusals;
  readonly forgetRefusals = (): void => {
    this.#refusals = [];
    this.#changed();
  };

  #refuse({ id, command }: Queued, code: string): void {
    this.#refusals = [...this.#refusals, { id, command, code }].slice(-REFUSALS_KEPT);
  }

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
