import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import { SETTINGS_AT_FIRST } from "../../src/core/class-settings.ts";
import type { SessionId, UserId } from "../../src/core/ids.ts";
import { localUser } from "../../src/core/people.ts";
import type { Endpoint, Handling, Wire } from "../../src/hub/connection.ts";
import { createPasswords } from "../../src/identity/passwords.ts";
import { createTokens } from "../../src/identity/tokens.ts";
import { newClassId, newUserId } from "../../src/ids.ts";
import { createLog } from "../../src/observe/log.ts";
import { systemClock as clock } from "../../src/ports/clock.ts";
import type { Store } from "../../src/ports/store.ts";
import { type Runtime, type RuntimeParts, serve } from "../../src/runtime/bun.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { accessOf } from "../../test/identity/access.ts";

const secret = "the profile's, which nobody guards";

/**
 * The real server in this process, with a teacher's end of a plain socket that has no network behind it. Its marks are
 * sealed but not written: `store` is there to measure that alone, for the disk's moods are larger than all the rest.
 */
export class Assembled {
  private constructor(
    readonly store: Store,
    readonly runtime: Runtime,
    readonly teacher: UserId,
    readonly students: readonly UserId[],
    readonly session: SessionId,
    private readonly desk: Endpoint,
    private readonly running: RunningServer,
  ) {}

  static async start(folder: string): Promise<Assembled> {
    const store = openSqliteStore(join(folder, "rollcall.db"));
    const tokens = createTokens({ secret, lifetimeMs: 86_400_000, clock });
    const { teacher, students, classId } = await fill(store);
    const token = await tokens.issue({ id: teacher, role: "teacher", tokensFrom: 0 });
    const config = readConfig({ PORT: "0", HOST: "127.0.0.1" });
    let parts: RuntimeParts | undefined;
    let runtime: Runtime | undefined;
    const running = await startServer({
      config,
      store: { ...store, sessions: { ...store.sessions, append: written } },
      tokens,
      clock,
      passwords: createPasswords({ atOnce: 1, waiting: 1 }),
      ...accessOf({ store, clock }),
      log: await createLog("warn"),
      listen: (given) => {
        parts = given;
        runtime = serve(given);
        return runtime;
      },
    });
    await fetch(`http://127.0.0.1:${running.port}/attendance/start`, {
      method: "POST",
      headers: { authorization: token, "content-type": "application/json" },
      body: JSON.stringify({ classId }),
    });
    const session = (await store.sessions.runningOf(classId))?.id;
    const open = await parts?.dialects
      .find(({ subprotocol }) => subprotocol === null)
      ?.prepare({
        url: new URL(`http://localhost/ws?token=${token}`),
        headers: new Headers(),
        peer: "",
      });
    const desk = open?.(silent, "profile");
    if (!runtime || !desk || !session) throw new Error("the server did not come up as the profile needs it");
    return new Assembled(store, runtime, teacher, students, session, desk, running);
  }

  /** Hands a frame to the dialect, as the runtime does; what is under way, where it takes time. */
  receive(frame: string): Handling | null {
    return this.desk.receive(frame);
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}

const written: Store["sessions"]["append"] = (batches) => batches.map(async () => "ok");

const silent: Wire = {
  send: () => undefined,
  close: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  trust: () => undefined,
};

async function fill(store: Store) {
  const add = async (role: "teacher" | "student") => {
    const id = newUserId();
    const passwordHash = "none";
    await store.users.add(localUser({ id, name: id, email: id, role, passwordHash, createdAt: clock.now() }));
    return id;
  };
  const teacher = await add("teacher");
  const students: UserId[] = [];
  while (students.length < 100) students.push(await add("student"));
  const classId = newClassId();
  await store.classes.add({
    id: classId,
    name: "9b",
    teacherId: teacher,
    studentIds: students,
    archivedAt: null,
    settings: SETTINGS_AT_FIRST,
  });
  return { teacher, students, classId };
}
