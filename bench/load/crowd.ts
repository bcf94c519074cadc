import { DIALECTS, type Dialect, isError } from "./dialects.ts";
import type { Group, Scenario } from "./scenario.ts";
import { LoadSocket, textOf } from "./socket.ts";

/** Sockets that are being opened at the same time. */
const AT_ONCE = 200;
const PATIENCE_MS = 60_000;

/** A class's sockets. */
export interface Seated {
  readonly group: Group;
  readonly desks: readonly LoadSocket[];
  readonly seats: readonly LoadSocket[];
}

/** Everyone who is connected, and what all of them have received. */
export class Crowd {
  readonly dialect: Dialect;
  /** Broadcast marks received, over all sockets. */
  deliveries = 0;
  /** Called for each mark that a teacher's socket finds acknowledged. */
  onAcknowledged: (seated: Seated, desk: LoadSocket) => void = () => undefined;
  seated: readonly Seated[] = [];
  #sent = 0;

  private constructor(private readonly scenario: Scenario) {
    this.dialect = DIALECTS[scenario.dialect];
  }

  /** Opens every socket of the scenario. */
  static async gather(scenario: Scenario): Promise<Crowd> {
    const crowd = new Crowd(scenario);
    const { url, desksAt = [url], seatsAt = [url] } = scenario;
    const openings: (() => Promise<void>)[] = [];
    const open = (to: LoadSocket[], at: readonly string[], turn: number, token: string, room: string) =>
      openings.push(async () => {
        to.push(await LoadSocket.open(new URL(byTurns(at, turn)), crowd.dialect, token, room));
      });
    crowd.seated = scenario.groups.map((group, index) => {
      const [desks, seats]: [LoadSocket[], LoadSocket[]] = [[], []];
      for (let time = 0; time < scenario.teacherSockets; time++)
        open(desks, desksAt, index + time, group.teacher.token, group.room);
      for (const [n, { token }] of group.students.entries())
        for (let time = 0; time < scenario.studentSockets; time++)
          open(seats, seatsAt, n + time, token, group.room);
      return { group, desks, seats };
    });
    await inParallel(openings, AT_ONCE);
    for (const each of crowd.seated) crowd.#listen(each);
    return crowd;
  }

  get sockets(): number {
    return this.seated.reduce((sum, { desks, seats }) => sum + desks.length + seats.length, 0);
  }

  /** How often something was read, over all sockets. */
  get reads(): number {
    const all = this.seated.flatMap(({ desks, seats }) => [...desks, ...seats]);
    return all.reduce((sum, socket) => sum + socket.reads, 0);
  }

  /** How many sockets hear a mark of this class. */
  audience({ desks, seats }: Seated): number {
    return this.scenario.global ? this.sockets : desks.length + seats.length;
  }

  /** The text of a mark of one of the class's students, numbered, present and absent by turns. */
  mark({ group }: Seated, n = this.#sent++): string {
    const lap = Math.floor(n / group.students.length);
    const student = group.students[n % group.students.length]?.id ?? "";
    return this.dialect.mark({
      n,
      session: group.session,
      student,
      status: lap % 2 === 0 ? "present" : "absent",
    });
  }

  end(): void {
    for (const { desks, seats } of this.seated) for (const socket of [...desks, ...seats]) socket.end();
  }

  #listen(seated: Seated): void {
    const { dialect } = this;
    for (const seat of seated.seats) {
      seat.take = (bytes, start, end) => {
        const marks = dialect.marks(bytes, start);
        if (marks > 0) this.deliveries += marks;
        else other(seat, bytes, start, end);
      };
    }
    const room = Number.parseInt(seated.group.room.slice(0, 8), 16);
    const acknowledges =
      dialect.acknowledges ??
      (this.scenario.global ? (bytes, at) => dialect.roomOf(bytes, at) === room : () => true);
    for (const desk of seated.desks) {
      desk.take = (bytes, start, end) => {
        const marks = dialect.marks(bytes, start);
        this.deliveries += marks;
        const own = (marks > 0 || dialect.acknowledges !== undefined) && acknowledges(bytes, start);
        if (own) this.onAcknowledged(seated, desk);
        else if (marks === 0) other(desk, bytes, start, end);
      };
    }
  }
}

const byTurns = (all: readonly string[], turn: number): string => all[turn % all.length] ?? "";

/** A frame that is no mark: Engine.IO's ping is answered, an error ends the run. */
function other(socket: LoadSocket, bytes: Uint8Array, start: number, end: number): void {
  const text = textOf(bytes, start, end);
  if (text === "2") socket.send("3");
  if (!isError(text)) return;
  // Thrown, it would be one socket's, and the others would wait for what never comes.
  console.error(`The server said ${text}`);
  process.exit(1);
}

/** Does all of it, so much at a time. */
async function inParallel(work: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  const left = work.values();
  const lane = async () => {
    for (const each of left) await each();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Resolves once it is so. */
export async function until(what: string, done: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await Bun.sleep(2);
  }
}
