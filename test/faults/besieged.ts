import { expect } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marked, PlainClient } from "../e2e/plain-client.ts";
import { ServerProcess } from "./server-process.ts";
import { buildSchool, type SchoolSize, type StormClass } from "./storm-school.ts";

const secret = "the secret of besieged servers, which nobody guards";

/** A server with a school that is logged in; those who attack it belong to the school as well. */
export interface Besieged {
  readonly server: ServerProcess;
  readonly classes: readonly StormClass[];
  /** The server's settings. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills the server and removes its data. */
  end(): Promise<void>;
}

/** Builds the school in a new folder and starts the server on it. */
export async function besiege(size: SchoolSize, settings: Record<string, string> = {}): Promise<Besieged> {
  const dataDir = mkdtempSync(join(tmpdir(), "rollcall-siege-"));
  const classes = await buildSchool(dataDir, secret, size);
  const env = { JWT_SECRET: secret, ...settings };
  const server = new ServerProcess({ script: "src/main.ts", dataDir, env });
  await server.start();
  return { server, classes, env, end: () => server.remove() };
}

/** The nth class of the school. */
export function classOf({ classes }: Pick<Besieged, "classes">, n: number): StormClass {
  const found = classes[n];
  if (!found) throw new Error(`the school has no class ${n}`);
  return found;
}

/** A class that does nothing wrong while others do: it must not notice. */
export class Neighbours {
  #marks = 0;

  private constructor(
    private readonly cls: StormClass,
    private readonly desk: PlainClient,
    private readonly seats: readonly PlainClient[],
  ) {}

  /** Starts the class's session and seats the first `size` of its students. */
  static async seat({ server }: Besieged, cls: StormClass, size = 1): Promise<Neighbours> {
    await startSession(server, cls);
    const open = ({ token }: { token: string }) => PlainClient.open(server.socketUrl(token));
    const [desk, ...seats] = await Promise.all([cls.teacher, ...cls.students.slice(0, size)].map(open));
    if (!desk) throw new Error("no desk");
    return new Neighbours(cls, desk, seats);
  }

  /** A mark reaches everyone in the class, and nothing else did. */
  async areServed(): Promise<void> {
    const student = this.cls.students[this.#marks % this.cls.students.length]?.id ?? "";
    const status = this.#marks++ % 2 ? "absent" : "present";
    this.desk.send("ATTENDANCE_MARKED", { studentId: student, status });
    const frame = marked(student, status);
    for (const socket of [this.desk, ...this.seats]) expect(await socket.next()).toEqual(frame);
  }
}

/** Starts the session of the class; gives its id. */
export async function startSession(server: ServerProcess, cls: StormClass): Promise<void> {
  const answer = await server.ask("POST", "/attendance/start", cls.teacher.token, { classId: cls.id });
  expect(answer?.status).toBe(200);
}
