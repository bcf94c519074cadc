import { rmSync } from "node:fs";
import { z } from "zod";
import { buildSchool, emailOf, type Room, SECRET } from "../../bench/school.ts";
import { sessionAnswer } from "../../protocol/http.ts";
import { createPasswords } from "../../src/identity/passwords.ts";
import { call, dataOf, get, type Json, post } from "../e2e/http.ts";
import { V1Socket } from "../e2e/v1-socket.ts";
import { Rig, type Watched } from "./rig.ts";

const PASSWORD = "the teacher's password";
const Started = z.looseObject({ sessionId: z.string() });
/** How often marks are sent: as many at once as the rate asks for. */
const EVERY_MS = 50;

/** A teacher's live screen of a large class, and another device of the teacher's that marks. */
export class LargeRoll {
  #marks = 0;

  private constructor(
    readonly rig: Rig,
    readonly watched: Watched,
    private readonly other: V1Socket,
    private session: string,
    private readonly room: Room,
    private readonly folder: string,
  ) {}

  static async open(size: number): Promise<LargeRoll> {
    const passwordHash = await createPasswords({ atOnce: 1, waiting: 1 }).hash(PASSWORD);
    if (passwordHash === null) throw new Error("no hash");
    const { folder, rooms } = await buildSchool({ classes: 1, students: size, passwordHash });
    const [room] = rooms;
    if (!room) throw new Error("a class");
    const rig = await Rig.open({ ROLLCALL_DATA: folder, JWT_SECRET: SECRET });
    const { token } = room.teacher;
    const started = await post(rig.server, "/attendance/start", { classId: room.id }, token);
    const { sessionId } = Started.parse(dataOf(started));
    const as = { email: emailOf(room.teacher), password: PASSWORD };
    const watched = await rig.visit(`/classes/${room.id}/live`, {
      as,
      viewport: { width: 1440, height: 900 },
    });
    await watched.page.getByRole("list", { name: "Students" }).getByRole("button").first().waitFor();
    const other = await V1Socket.ready(rig.server, { token });
    return new LargeRoll(rig, watched, other, sessionId, room, folder);
  }

  /** Another session, whose marks are as the rule says, on the same screen; the first student is in its room. */
  async again(presence: Json): Promise<void> {
    const { rig, room, watched } = this;
    const { token } = room.teacher;
    await post(rig.server, "/attendance/end", { classId: room.id }, token);
    dataOf(await call(rig.server, "PATCH", `/class/${room.id}`, { token, body: { presence } }));
    const started = await post(rig.server, "/attendance/start", { classId: room.id }, token);
    this.session = Started.parse(dataOf(started)).sessionId;
    const first = await V1Socket.ready(rig.server, { token: room.students[0]?.token });
    first.send({ type: "enter", class: room.id });
    await first.next("room");
    await watched.page.reload();
    await watched.page.getByRole("list", { name: "Students" }).getByRole("button").first().waitFor();
  }

  /** Whom the session that ended last has as present. */
  async present(): Promise<string[]> {
    const { token } = this.room.teacher;
    const found: string[] = [];
    for (let after = ""; ; ) {
      const path = `/sessions/${this.session}?limit=200${after && `&after=${after}`}`;
      const page = sessionAnswer.parse(dataOf(await get(this.rig.server, path, token)));
      for (const { _id, status } of page.students) if (status === "present") found.push(_id);
      if (page.next === null) return found;
      after = page.next;
    }
  }

  /** The nth student's id, from 0. */
  student(n: number): string {
    const found = this.room.students[n];
    if (!found) throw new Error(`there is no student ${n}`);
    return found.id;
  }

  /** Marks students in turn, present and absent by turns, at this rate for so long. */
  async mark(perSecond: number, ms: number): Promise<void> {
    const until = performance.now() + ms;
    const [from, began] = [this.#marks, performance.now()];
    while (performance.now() < until) {
      while (this.#marks - from < ((performance.now() - began) * perSecond) / 1000) this.#one();
      await Bun.sleep(EVERY_MS);
      // Nobody reads them here, and in ten minutes there are many.
      this.other.frames.length = 0;
    }
  }

  #one(): void {
    const count = this.#marks++;
    // A prime steps through all of the roll, not from one neighbour to the next.
    const { length } = this.room.students;
    const student = this.student((count * 7919) % length);
    const status = Math.floor(count / length) % 2 === 0 ? "present" : "absent";
    this.other.send({ type: "mark", id: `m${count}`, session: this.session, student, status });
  }

  async close(): Promise<void> {
    this.other.close();
    await this.rig.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Begins to count long tasks, those over 50 ms. */
export const WATCH_LONG_TASKS = `
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration));
  }).observe({ type: "longtask" });
`;
