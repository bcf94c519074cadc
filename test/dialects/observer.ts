import { type SessionState, Sessions } from "../../client/session.ts";
import { serverFrame } from "../../protocol/v1.ts";
import type { UserId } from "../../src/core/ids.ts";
import type { Mark, Session } from "../../src/core/session/state.ts";
import { teacher } from "../core/arbitrary.ts";
import type { House, Link } from "./house.ts";

/** A connection is lost after so many frames, and opened again after so many turns of the event loop. */
export interface Cut {
  readonly frames: number;
  readonly pause: number;
}

/** Follows a class as docs/PROTOCOL.md says, over as many connections as there are cuts, and one more. */
export class Observer {
  readonly sessions = new Sessions();
  /** What it was told that the protocol does not allow. */
  readonly faults: string[] = [];
  readonly #cuts: Cut[];
  #link: Link | null = null;
  #stays = false;

  constructor(
    private readonly house: House,
    readonly who: UserId,
    cuts: readonly Cut[],
  ) {
    this.#cuts = [...cuts];
    this.#connect();
  }

  get #isTeacher(): boolean {
    return this.who === teacher;
  }

  /** No more cuts from here on: it is connected, or will be at once. */
  stay(): void {
    this.#stays = true;
    if (!this.#link) this.#connect();
  }

  #connect(): void {
    const cut = this.#cuts.shift();
    let heard = 0;
    const link: Link = this.house.connect({
      frame: (text) => {
        if (this.#link !== link) return;
        if (cut && !this.#stays && heard++ === cut.frames) this.#lose(link, cut.pause);
        else this.#take(text);
      },
      closed: (code) => {
        if (code !== 1006) this.faults.push(`closed with ${code}`);
      },
    });
    this.#link = link;
    link.send({ type: "hello", token: this.who, after: this.sessions.after });
  }

  /** The frame on its way is lost, and all after it. */
  #lose(link: Link, pause: number): void {
    this.#link = null;
    link.cut();
    const wait = (turns: number): void => {
      if (this.#link) return;
      if (turns > 0) setImmediate(() => wait(turns - 1));
      else this.#connect();
    };
    wait(pause);
  }

  #take(text: string): void {
    const frame = serverFrame.parse(JSON.parse(text));
    if (frame.type === "snapshot") {
      this.#expect(this.#isTeacher === (frame.roster !== undefined), "a snapshot's roster", text);
      this.sessions.replace(frame);
    }
    if (frame.type === "events") this.#takeEvents(frame, text);
    if (frame.type === "error") {
      this.#expect(frame.code === "unknown-session", "an error", text);
      if (frame.session) this.sessions.forget(frame.session);
    }
    if (frame.type === "member" && !frame.joined)
      for (const { session, class: of } of this.sessions.all.values())
        if (of === frame.class) this.sessions.forget(session);
  }

  #takeEvents(frame: Extract<ReturnType<typeof serverFrame.parse>, { type: "events" }>, text: string): void {
    const seqs = frame.events.map(({ seq }) => seq);
    const inside = seqs.every((seq, at) => seq >= frame.from && seq <= frame.to && seq > (seqs[at - 1] ?? 0));
    this.#expect(frame.from <= frame.to && inside, "events within their range", text);
    const known = this.sessions.all.get(frame.session)?.seq ?? 0;
    this.#expect(frame.from === known + 1, `neither gap nor overlap after ${known}`, text);
    if (this.#isTeacher) this.#expect(seqs.length === frame.to - frame.from + 1, "every event", text);
    else this.#expect(!/"(by|via|roster)":|"(enrolled|withdrawn|startedAgain)"/.test(text), "C6", text);
    this.#expect(this.sessions.fold(frame) !== null, "a foldable range", text);
  }

  #expect(holds: boolean, what: string, text: string): void {
    if (!holds) this.faults.push(`expected ${what}: ${text}`);
  }
}

/** What somebody should know of a session, by its log alone. */
export function truth(session: Session, who: UserId): SessionState {
  const { id, classId, headSeq, startedAt, endedAt, roomId, teacherId, roster, marks, present } = session;
  const isTeacher = who === teacher;
  const told = ({ status, seq, at, by }: Mark) => ({ status, seq, at, ...(isTeacher && { by }) });
  return {
    session: id,
    class: classId,
    seq: headSeq,
    startedAt,
    endedAt,
    room: roomId,
    teacher: teacherId,
    roster: isTeacher ? new Set<string>(roster) : null,
    marks: new Map([...marks].map(([student, mark]) => [student, told(mark)])),
    present,
    absent: marks.size - present,
  };
}
