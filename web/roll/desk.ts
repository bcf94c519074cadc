import type { Client, CommandState, MarkState, Presence, SessionState, Status } from "../../client/index.ts";
import { Marked } from "./marked.ts";
import { type Done, Undos } from "./undos.ts";

export type Where = "connected" | "room" | "away";

/** A student as a tile shows one; the same object until something of it changes. */
export interface TileState {
  readonly state: MarkState["state"];
  readonly status: Status | null;
  /** Why the last mark was refused; null where it was not. */
  readonly code: string | null;
  /** When the mark that counts was made, in milliseconds since the epoch. */
  readonly at: number | null;
  readonly where: Where;
  /** Another device has changed what was marked here. */
  readonly changed: boolean;
}

/** What the server has said. */
export interface Counts {
  readonly present: number;
  readonly absent: number;
  readonly unmarked: number;
}

/** How long after a mark what left the filter stays where it is. */
const BUSY_MS = 3000;

/** Runs it once, soon: with the next picture, or a little later where nobody sees the page. */
export type Soon = (run: () => void) => void;

/**
 * A running session as the live screen shows it. However many marks arrive, those who listen are told once a picture,
 * and what did not change is the same object as before.
 */
export class Desk {
  readonly #listeners = new Set<() => void>();
  readonly #tiles = new Map<string, TileState>();
  readonly #marked: Marked;
  readonly #undos: Undos;
  #counts: Counts = { present: 0, absent: 0, unmarked: 0 };
  #presence: Presence | null = null;
  #inRoom = 0;
  #roll: readonly string[] = [];
  #actedAt = Number.NEGATIVE_INFINITY;
  #version = 0;
  #told = false;

  constructor(
    readonly client: Client,
    readonly session: string,
    private readonly soon: Soon,
  ) {
    this.#marked = new Marked(session);
    this.#undos = new Undos(client, session, () => this.#changed());
    this.#refresh();
  }

  /** Listens until what it returns is called. */
  open(): () => void {
    const { client, session } = this;
    const stops = [
      client.on("session", (state) => {
        if (state.session === session) this.#changed();
      }),
      client.on("command", (told) => this.#commanded(told)),
      client.on("presence", () => this.#changed()),
      client.on("status", () => this.#changed()),
    ];
    this.#changed();
    return () => {
      for (const stop of stops) stop();
      this.#undos.close();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Counts the changes: for what is worked out of many students. */
  readonly version = (): number => this.#version;
  readonly counts = (): Counts => this.#counts;
  readonly presence = (): Presence | null => this.#presence;
  /** How many students are in the video room. */
  readonly inRoom = (): number => this.#inRoom;
  /** Who is on the roll. */
  readonly roll = (): readonly string[] => this.#roll;
  /** The last thing that was done here and can still be undone. */
  readonly last = (): Done | null => this.#undos.last;

  /** The session as the server told it; undefined where it has been forgotten. */
  get state(): SessionState | undefined {
    return this.client.sessions.get(this.session);
  }

  readonly tile = (student: string): TileState => {
    const next = this.#look(student);
    const before = this.#tiles.get(student);
    if (before && same(before, next)) return before;
    this.#tiles.set(student, next);
    return next;
  };

  #look(student: string): TileState {
    const mark = this.client.markOf(this.session, student);
    const saved = this.state?.marks.get(student);
    return {
      state: mark.state,
      status: mark.status,
      code: mark.state === "refused" ? mark.code : null,
      at: saved?.at ?? null,
      where: this.#presence?.students.get(student) ?? "away",
      changed: mark.state === "saved" && this.#marked.changedElsewhere(student, saved),
    };
  }

  /** The status that each student has once what waits is done: for the filters. */
  statuses(): (student: string) => Status | null {
    const { state, session } = this;
    const asked = new Map<string, Status>();
    const statusOf = (student: string) => asked.get(student) ?? state?.marks.get(student)?.status ?? null;
    for (const { command } of this.client.waiting) {
      if (command.type === "mark" && command.session === session) asked.set(command.student, command.status);
      if (command.type !== "markMany" || command.session !== session) continue;
      const whom = typeof command.whom === "string" ? (state?.roster ?? []) : command.whom;
      for (const student of whom)
        if (command.whom !== "rest" || statusOf(student) === null) asked.set(student, command.status);
    }
    return statusOf;
  }

  /** Whether somebody marks here just now: then nothing may move under their finger. */
  get isBusy(): boolean {
    return performance.now() - this.#actedAt < BUSY_MS;
  }

  /** Marks one student. */
  mark(student: string, status: Status): void {
    this.#actedAt = performance.now();
    setTimeout(() => this.#changed(), BUSY_MS + 1);
    this.#undos.did({ kind: "one", student, status }, this.client.mark(this.session, student, status));
  }

  /** One tap marks present, the next absent. */
  turn(student: string): void {
    this.mark(student, this.tile(student).status === "present" ? "absent" : "present");
  }

  /** Marks everyone, or those without a mark. */
  markMany(whom: "all" | "rest", status: Status): void {
    this.#undos.did({ kind: "many", whom, status }, this.client.markMany(this.session, whom, status));
  }

  /** Marks those named, as few commands as fit into frames; resolves to whether all of them were saved. */
  async markThese(students: readonly string[], status: Status): Promise<boolean> {
    const sent = framesOf(students).map((some) => this.client.markMany(this.session, some, status));
    const outcomes = await Promise.all(sent.map(({ outcome }) => outcome));
    return outcomes.every(({ ok }) => ok);
  }

  /** Takes back the last thing that was done here, once it is saved. */
  undo(): void {
    this.#undos.undo();
  }

  end(): void {
    this.client.end(this.session);
  }

  #commanded({ state, command: { command }, ...told }: CommandState): void {
    if (!("session" in command) || command.session !== this.session) return;
    const seq = "outcome" in told && told.outcome.ok ? told.outcome.seq : null;
    if (state === "saved" && seq !== null) this.#marked.saved(command, seq, this.state);
    this.#changed();
  }

  #changed(): void {
    if (this.#told) return;
    this.#told = true;
    this.soon(() => {
      this.#told = false;
      this.#refresh();
      for (const listener of this.#listeners) listener();
    });
  }

  #refresh(): void {
    this.#version++;
    if (this.#presence !== this.client.presence) {
      this.#presence = this.client.presence;
      this.#inRoom = [...(this.#presence?.students.values() ?? [])].filter((one) => one === "room").length;
    }
    const { state } = this;
    if (!state) return;
    this.#marked.heard(state);
    const { present, absent, roster, marks } = state;
    let unmarked = 0;
    for (const student of roster ?? []) if (!marks.has(student)) unmarked++;
    if (roster && (roster.size !== this.#roll.length || this.#roll.some((student) => !roster.has(student))))
      this.#roll = [...roster];
    const counts = { present, absent, unmarked };
    if (!same(counts, this.#counts)) this.#counts = counts;
  }
}

/** Half of what a frame may hold, in bytes of UTF-8: the rest of the command is in it too. */
const FRAME_BYTES = 32_768;

/** The same ids in lists that each fit into a frame. */
export function framesOf(ids: readonly string[]): string[][] {
  const frames: string[][] = [];
  let room = 0;
  for (const id of ids) {
    const size = new TextEncoder().encode(JSON.stringify(id)).length + 1;
    if (size > room) {
      frames.push([]);
      room = FRAME_BYTES;
    }
    frames.at(-1)?.push(id);
    room -= size;
  }
  return frames;
}

function same<T extends object>(a: T, b: T): boolean {
  for (const key in a) if (a[key] !== b[key]) return false;
  return true;
}
