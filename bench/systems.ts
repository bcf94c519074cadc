import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { DialectName } from "./load/dialects.ts";
import { BUN, ROOT, type Served, startProcess } from "./process.ts";
import { type Room, type School, SECRET } from "./school.ts";
import { scratch } from "./scratch.ts";

/** What is measured: ours, and what it stands beside. */
export interface System {
  readonly name: string;
  readonly dialect: DialectName;
  /** Every socket hears every mark, whatever its class. */
  readonly global: boolean;
  /** Serves the school on a copy of its data. */
  serve(school: School): Promise<Served>;
}

/** How a process is started. */
interface Start {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A system that needs no data. */
interface Rival extends System {
  start(): Promise<Start>;
}

/** The command that runs the product. */
export const OURS: readonly string[] = [BUN, "src/main.ts", "serve"];

/** What the product is given by its environment. */
export const oursEnv = (folder: string) => ({ ROLLCALL_DATA: folder, JWT_SECRET: SECRET });

/** A copy of a data folder; whoever asks for it removes it. */
export function copyOf(folder: string): string {
  const copy = scratch();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

const ours = (name: string, dialect: DialectName, env: Record<string, string> = {}): System => ({
  name,
  dialect,
  global: false,
  serve: async ({ folder }) => {
    const data = copyOf(folder);
    const served = await startProcess(OURS, { ...oursEnv(data), ...env });
    const stop: Served["stop"] = async (signal) => {
      await served.stop(signal);
      rmSync(data, { recursive: true });
    };
    return { ...served, stop };
  },
});

const rival = (name: string, dialect: DialectName, global: boolean, start: Rival["start"]): Rival => ({
  name,
  dialect,
  global,
  start,
  serve: async () => {
    const { command, env } = await start();
    return startProcess(command, env);
  },
});

/** A baseline that Bun runs. */
const onBun = (name: string, file: string, global: boolean, env: Record<string, string> = {}): Rival =>
  rival(name, "plain", global, async () => ({
    command: [BUN, `bench/baselines/${file}.ts`],
    env: { JWT_SECRET: SECRET, ...env },
  }));

/** A baseline that Node runs, which reads no TypeScript: it is translated first. */
const onNode = (name: string, file: string, dialect: DialectName, global: boolean): Rival =>
  rival(name, dialect, global, async () => ({
    command: ["node", await translated(file)],
    env: { JWT_SECRET: SECRET },
  }));

async function translated(file: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [join(ROOT, "bench", "baselines", `${file}.ts`)],
    outdir: join(ROOT, ".cache", "bench"),
    naming: "[name].mjs",
    target: "node",
    packages: "external",
  });
  const path = outputs[0]?.path;
  if (!path) throw new Error(`${file} could not be translated`);
  return path;
}

export const plain = ours("rollcall plain", "plain");
export const v1 = ours("rollcall v1", "v1");
/** One sender sends what a school would. */
export const relaying = ours("rollcall v1, rooms", "v1", {
  SIGNALS_PER_S: "1000000",
  SIGNALS_BURST: "1000000",
  TEACHER_FRAMES_PER_S: "1000000",
  TEACHER_FRAMES_BURST: "1000000",
});
/** Rooms of any size; nobody dials LiveKit, so that none need be there. */
export const inCalls = ours("rollcall v1, LiveKit set", "v1", {
  LIVEKIT_URL: "ws://127.0.0.1:9",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "secret",
});
export const bareOne = onBun("bare Bun publish, one a turn", "bare", false, { ONE_A_TURN: "1" });
export const bare = onBun("bare Bun publish, as they come", "bare", false);
const bunGlobal = onBun("Bun sockets, one global topic", "bun-global", true);
export const expressWs = onNode("Express + ws, one session", "express-ws", "plain", true);
export const expressSocketIo = onNode("Express + Socket.IO rooms", "express-socketio", "socket-io", false);

/** The usual designs. */
export const RIVALS: readonly Rival[] = [bunGlobal, expressWs, expressSocketIo];

const started = z.object({ data: z.object({ sessionId: z.string().default("") }) });

/** Starts a session of each class; gives the sessions' ids, empty where the system has no such thing. */
export async function startSessions({ url }: Served, rooms: readonly Room[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, teacher } of rooms) {
    const answer = await fetch(`${url}/attendance/start`, {
      method: "POST",
      headers: { authorization: teacher.token, "content-type": "application/json" },
      body: JSON.stringify({ classId: id }),
    });
    if (!answer.ok) throw new Error(`no session: ${answer.status} ${await answer.text()}`);
    ids.push(started.parse(await answer.json()).data.sessionId);
  }
  return ids;
}
