import { AloneInCalls } from "../../src/commands/alone-in-calls.ts";
import { CallRounds } from "../../src/commands/call-rounds.ts";
import type { Context } from "../../src/commands/context.ts";
import { followRoll } from "../../src/commands/follow-roll.ts";
import { readConfig } from "../../src/config.ts";
import { isUserId, type UserId } from "../../src/core/ids.ts";
import type { Actor } from "../../src/core/people.ts";
import { v1Dialect } from "../../src/dialects/v1/endpoint.ts";
import { presenceFrame, v1Encoder } from "../../src/dialects/v1/frames.ts";
import type { Endpoint, Handling, OpenSocket } from "../../src/hub/connection.ts";
import { Door } from "../../src/hub/door.ts";
import { Hub } from "../../src/hub/hub.ts";
import { NO_NEIGHBOURS } from "../../src/hub/neighbours.ts";
import { AuditLog } from "../../src/log/audit.ts";
import { EndedLogs } from "../../src/log/ended-logs.ts";
import { findHere } from "../../src/log/finder.ts";
import { Sessions } from "../../src/log/sessions.ts";
import type { Store } from "../../src/ports/store.ts";
import { type Act, classId, decide, teacher } from "../core/arbitrary.ts";
import { NO_ROOMS, NO_WITNESS } from "../hub/no-rooms.ts";

const NOBODY_OUTSIDE: Pick<Context, "accounts" | "hasIssuer" | "outsideSignIn" | "outsiders" | "settings"> = {
  settings: [],
  accounts: "local",
  outsideSignIn: null,
  hasIssuer: false,
  outsiders: async () => "subject-taken",
};

/** What the far end of a link hears. */
export interface Hears {
  frame(text: string): void;
  closed(code: number): void;
}

/** A turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** More turns than anything here takes over a store in memory. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 12; turns++) await turn();
}

let now = 1_700_000_000_000;
const clock = { now: () => now++ };
const unasked = () => Promise.reject(new Error("nobody asks for this here"));

/** Nobody signs up, logs in or asks for a token here. */
const NO_WAYS_IN = {
  passwords: { hash: unasked, verify: unasked, isOutdated: () => false, isCommon: () => false },
  tokens: { issue: unasked, verify: unasked },
  tickets: { issue: unasked, redeem: unasked },
  logins: { attempt: unasked },
  browsers: {
    create: unasked,
    find: unasked,
    list: unasked,
    end: unasked,
    endAll: unasked,
    endsAt: () => 0,
    csrfToken: () => "",
  },
  codes: {
    reset: { issue: unasked, redeem: unasked },
    invitation: { issue: unasked, redeem: unasked },
    setup: { issue: unasked, redeem: unasked },
  },
  fillDemo: unasked,
  trail: { note: async () => undefined, failed: () => undefined },
  devices: { lifetimeMs: 0, remember: () => "", idOf: () => null },
};

interface Setup {
  /** How many events of a session are kept for those who resume. */
  readonly resumeEvents?: number;
  readonly socketsPerUser?: number;
}

/** A server of rollcall.v1 without a network: the real parts from the dialect to the store, and links for sockets. */
export class House {
  readonly troubles: string[] = [];
  readonly links = new Set<Link>();
  readonly hub: Hub;
  readonly context: Context;
  readonly store: Store;
  #open: OpenSocket | null = null;
  #alive = true;

  constructor(
    private readonly disk: Store,
    private readonly setup: Setup = {},
  ) {
    this.store = whileAlive(disk, () => this.#alive);
    const { store } = this;
    const { resumeEvents: kept = 1000, socketsPerUser = 1000 } = setup;
    const troubled = (what: string) => void this.troubles.push(what);
    const encoders = [v1Encoder];
    const publish = (topic: string, frame: string) => {
      for (const link of this.links) if (link.topics.has(topic)) link.deliver(frame);
    };
    this.hub = new Hub({
      encoders,
      studentWindowMs: 0,
      socketsPerUser,
      presence: { everyMs: 1, encode: presenceFrame },
      hears: () => true,
      room: NO_ROOMS,
      publish,
    });
    const sessions = new Sessions({
      store,
      clock,
      writer: "test",
      audit: new AuditLog(store.audit, clock),
      tailEvents: kept,
      publish: (session, told) => this.hub.publish(session, told),
      report: () => undefined,
      troubled,
    });
    this.context = {
      find: findHere(sessions),
      neighbours: NO_NEIGHBOURS,
      endedLogs: new EndedLogs(store.sessions),
      visitors: { settle: async () => undefined },
      store,
      sessions,
      hub: this.hub,
      calls: null,
      witness: NO_WITNESS,
      callRounds: new CallRounds(),
      aloneInCalls: new AloneInCalls(),
      clock,
      troubled,
      ...NO_WAYS_IN,
      limits: { ...readConfig({}), CLASS_SIZE_MAX: 100, PAGE_SIZE_MAX: 100, RESUME_EVENTS_MAX: kept },
      refused: () => undefined,
      ...NOBODY_OUTSIDE,
    };
  }

  /** Takes up the sessions that ran, and lets sockets in. */
  async start(): Promise<this> {
    await this.context.sessions.resume();
    const { store, context, hub } = this;
    const classesOf = ({ id }: Actor) => store.classes.idsOf(id);
    // A token here is its user's id.
    const byToken = async (token: string): Promise<Actor | null> =>
      isUserId(token)
        ? {
            id: token,
            name: token,
            role: token === teacher ? "teacher" : "student",
            tokensFrom: 0,
            browser: null,
          }
        : null;
    const dialect = v1Dialect({
      context,
      door: new Door({
        hub,
        classesOf,
        stands: async () => true,
        waitOf: () => 0,
        refused: () => undefined,
        troubled: () => undefined,
      }),
      authenticate: { byToken, byTicket: async () => null, byCookie: () => null },
      limits: { FIRST_FRAME_MS: 60_000, PING_AFTER_MS: 15_000, SILENCE_MAX_MS: 40_000 },
    });
    this.#open = await dialect.prepare({ url: new URL("ws://house/ws"), headers: new Headers(), peer: "" });
    return this;
  }

  /** A socket; it has said nothing yet. */
  connect(hears: Hears): Link {
    if (!this.#open) throw new Error("the house is not open");
    return new Link(this.links, this.#open, hears);
  }

  /** kill -9: nothing more reaches the store or anybody. */
  kill(): void {
    this.#alive = false;
    for (const link of this.links) link.cut();
  }

  /** Another life over the same store. */
  reborn(): Promise<House> {
    return new House(this.disk, this.setup).start();
  }

  /** Somebody's device passes the door of the room of the class's session, where one runs. */
  pass(act: Extract<Act, { device: string }>): void {
    const live = this.context.sessions.memory.ofClass(classId);
    void live?.commit({ by: null, via: "system" }, (session) => decide(session, act));
  }

  /** Puts the student on the class's roll, or takes them off, as the routes do. */
  async place(student: UserId, on: boolean): Promise<void> {
    if (on) await this.store.classes.addStudent(classId, student, 100);
    else await this.store.classes.removeStudent(classId, student);
    await followRoll(this.context, classId, student, { by: teacher, via: "http" });
  }
}

/** The store as a process has it: what a dead one still asks has no effect and no answer. */
function whileAlive(disk: Store, alive: () => boolean): Store {
  const never = new Promise<never>(() => undefined);
  const guarded = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        if (alive()) return method.bind(target);
        return name === "append" ? (batches: readonly unknown[]) => batches.map(() => never) : () => never;
      },
    });
  const { users, classes, sessions, records, audit, tickets } = disk;
  return {
    ...disk,
    users: guarded(users),
    classes: guarded(classes),
    sessions: guarded(sessions),
    records: guarded(records),
    audit: guarded(audit),
    tickets: guarded(tickets),
  };
}

/** One connection: the server's end of it, and a far end that hears. */
export class Link {
  readonly topics = new Set<string>();
  /** How many frames were sent together, each time. */
  readonly writes: number[] = [];
  readonly #endpoint: Endpoint | null;
  #inbox: string[] = [];
  #blocked = false;
  #open = true;

  constructor(
    private readonly links: Set<Link>,
    open: OpenSocket,
    private readonly hears: Hears,
  ) {
    links.add(this);
    this.#endpoint = open(
      {
        send: (...frames) => {
          this.writes.push(frames.length);
          for (const frame of frames) this.deliver(frame);
        },
        close: (code) => this.cut(code),
        subscribe: (topic) => void this.topics.add(topic),
        unsubscribe: (topic) => void this.topics.delete(topic),
        trust: () => undefined,
      },
      "link",
    );
  }

  /** The far end sends. */
  send(frame: string | object): void {
    if (!this.#open) return;
    this.#inbox.push(typeof frame === "string" ? frame : JSON.stringify(frame));
    setImmediate(() => this.#drain());
  }

  /** The server sends. */
  deliver(frame: string): void {
    if (this.#open) this.hears.frame(frame);
  }

  /** The connection is gone; what has arrived is still done. */
  cut(code = 1006): void {
    if (!this.#open) return;
    this.#open = false;
    this.links.delete(this);
    this.topics.clear();
    this.#endpoint?.gone();
    this.hears.closed(code);
  }

  #drain(): void {
    while (!this.#blocked) {
      const frame = this.#inbox.shift();
      if (frame === undefined) return;
      const handling = this.#endpoint?.receive(frame);
      if (handling?.blocking) this.#wait(handling);
    }
  }

  #wait({ finished }: Handling): void {
    this.#blocked = true;
    const go = () => {
      this.#blocked = false;
      this.#drain();
    };
    finished.then(go, go);
  }
}
