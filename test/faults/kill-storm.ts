import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { sessionIdSchema } from "../../protocol/ids.ts";
import type { SessionId } from "../../src/core/ids.ts";
import { openSqliteReader } from "../../src/store/sqlite/index.ts";
import { PlainClient } from "../e2e/plain-client.ts";
import { checkClass, verifyFrom } from "./after-kill.ts";
import { noFigures, type StormFigures } from "./figures.ts";
import { IoLaneSocket } from "./io-lane-socket.ts";
import { Lane, type LaneSocket } from "./lane.ts";
import { Ledger } from "./ledger.ts";
import { PHASES, type Phase } from "./phases.ts";
import { Random } from "./random.ts";
import { ServerProcess } from "./server-process.ts";
import { askOverTheWire } from "./still-served.ts";
import { buildSchool, databaseIn, type SchoolSize } from "./storm-school.ts";
import { V1Lane } from "./v1-lane.ts";
import { V1Ledger } from "./v1-ledger.ts";

const secret = "the secret of the storm's servers, which nobody guards";
/** Every so many rounds `verify` walks all sessions, else only those of the last rounds. */
const VERIFY_ALL_EVERY = 50;
/** The sockets of a class's teacher, of each dialect that takes part. */
const SOCKETS: Readonly<Record<Exclude<StormDialect, "v1">, readonly OpenSocket[]>> = {
  plain: [openPlain, openPlain],
  "socket-io": [
    (server, token) => openIo(server, token, true),
    (server, token) => openIo(server, token, false),
  ],
};
/** More than these are not kept: the first ones tell the cause. */
const FAULTS_KEPT = 50;

export type StormDialect = "plain" | "v1" | "socket-io";

export interface StormOptions {
  readonly seed: number;
  /** The plain one alone unless told otherwise. Classes of plain and Socket.IO teachers are one kind, those of v1 another. */
  readonly dialects?: readonly StormDialect[];
  /** The server's script; the product's own unless another is named. */
  readonly script?: string;
  readonly school?: SchoolSize;
}

/** A marking storm against a real server that is killed once a round, always on the same data. */
export class KillStorm {
  readonly figures: StormFigures = noFigures();
  /** A sentence for each thing that was not as promised, with its round. */
  readonly faults: string[] = [];
  readonly #random: Random;
  #phase: Phase = "storm";
  #verifiedTo: SessionId | null = null;

  private constructor(
    private readonly server: ServerProcess,
    private readonly ledgers: readonly Ledger[],
    private readonly v1: readonly V1Ledger[],
    private readonly sockets: readonly OpenSocket[],
    seed: number,
  ) {
    this.#random = new Random(seed);
  }

  /** Builds the school, starts the server and the first sessions. */
  static async begin(options: StormOptions): Promise<KillStorm> {
    const { seed, dialects = ["plain"], script = "src/main.ts", school } = options;
    const dataDir = mkdtempSync(join(tmpdir(), "rollcall-storm-"));
    const size = { classes: 3, students: 24, spare: 60, ...school };
    const sockets = dialects.flatMap((dialect) => (dialect === "v1" ? [] : SOCKETS[dialect]));
    const [seen, certain] = [
      sockets.length > 0 ? size.classes : 0,
      dialects.includes("v1") ? size.classes : 0,
    ];
    const classes = await buildSchool(dataDir, secret, { ...size, classes: seen + certain });
    const server = new ServerProcess({ script, dataDir, env: { JWT_SECRET: secret } });
    await server.start();
    const ledgers = classes.slice(0, seen).map((cls) => new Ledger(cls));
    const lanes = classes.slice(seen).map((cls, n) => new V1Lane(cls, new Random(seed + n)));
    const v1 = lanes.map((lane) => new V1Ledger(lane));
    return new KillStorm(server, ledgers, v1, sockets, seed);
  }

  /** One life of the server: the phase's storm, the kill, the restart, and what is left held against what was promised. */
  async round(phase: Phase): Promise<void> {
    this.figures.rounds++;
    this.#phase = phase;
    await this.#connect();
    const { startsFirst, play } = PHASES[phase];
    if (startsFirst) await Promise.all(this.ledgers.map((ledger) => this.#ensureRunning(ledger)));
    const lanes = () => this.ledgers.flatMap((ledger) => ledger.lanes);
    const commanding = this.v1.map(({ lane }) => lane.run());
    await play({
      server: this.server,
      ledgers: this.ledgers,
      random: this.#random,
      figures: this.figures,
      start: (ledger) => this.#start(ledger),
    });
    await Promise.all([...lanes().map((lane) => lane.client.closed()), ...commanding]);
    for (let again = phase === "boot" ? 2 : 0; again > 0; again--)
      await this.server.startAndKill(this.#random.between(0, 400));
    await this.server.start();
    await this.#check();
  }

  /** The last life, without a kill: what is still unacknowledged is sent again, and now everything must be there once. */
  async settle(): Promise<void> {
    for (const { lane } of this.v1) {
      await lane.connect(this.server.url);
      await lane.settled();
      await lane.close();
    }
    await this.#check();
    for (const ledger of this.v1) ledger.checkAll(this.#report.bind(this));
  }

  /** Ends the server and removes its data. */
  async end(): Promise<void> {
    await this.server.remove();
  }

  async #connect(): Promise<void> {
    await Promise.all([
      ...this.ledgers.map((ledger) => this.#seat(ledger)),
      ...this.v1.map(({ lane }) => lane.connect(this.server.url)),
    ]);
  }

  async #seat(ledger: Ledger): Promise<void> {
    const { cls, roll } = ledger;
    const ids = roll.map(({ id }) => id);
    const clients = await Promise.all(this.sockets.map((open) => open(this.server, cls.teacher.token)));
    ledger.lanes = clients.map((client, number) => {
      const own = ids.filter((_, at) => at % clients.length === number);
      return new Lane(client, cls.id, own, new Set(ids), this.#random.pick(["present", "absent"]));
    });
  }

  async #ensureRunning(ledger: Ledger): Promise<void> {
    const known = ledger.session;
    await this.#start(ledger);
    if (known && ledger.session !== known) this.#report("lost", `session ${known} no longer runs`);
  }

  /** Asks for a start; whatever is answered is promised. */
  async #start(ledger: Ledger): Promise<void> {
    const { id, teacher } = ledger.cls;
    this.figures.starts++;
    ledger.startAsked = true;
    const answer = await this.server.ask("POST", "/attendance/start", teacher.token, { classId: id });
    if (!answer) return;
    ledger.session = z.object({ sessionId: sessionIdSchema }).parse(answer.data).sessionId;
  }

  async #check(): Promise<void> {
    const report = this.#report.bind(this);
    const reader = openSqliteReader(databaseIn(this.server.dataDir));
    try {
      for (const ledger of this.ledgers) await checkClass(reader, ledger, this.figures, report);
      for (const ledger of this.v1) await ledger.check(reader, this.figures, report);
      const all = this.figures.rounds % VERIFY_ALL_EVERY === 0;
      await verifyFrom(reader, all ? null : this.#verifiedTo, report);
      const classes = [...this.ledgers.map(({ cls }) => cls), ...this.v1.map(({ lane }) => lane.cls)];
      const heads = await Promise.all(classes.map(({ id }) => reader.sessions.runningOf(id)));
      const oldest = heads.flatMap((head) => head?.id ?? []).sort()[0];
      // Ids count upwards: one below the oldest running session's is before all that can still change.
      if (oldest) this.#verifiedTo = sessionIdSchema.parse(`${oldest.slice(0, 8)}${"0".repeat(16)}`);
    } finally {
      await reader.close();
    }
    await askOverTheWire(this.server, this.ledgers, this.#random, report);
    const complaints = this.server.complaints();
    if (complaints !== "") report(null, `the server complained: ${complaints.slice(0, 500)}`);
  }

  #report(kind: "lost" | "duplicated" | "unsent" | "gaps" | null, what: string): void {
    if (kind) this.figures[kind]++;
    const round = `round ${this.figures.rounds} (${this.#phase})`;
    if (this.faults.length < FAULTS_KEPT) this.faults.push(`${round}: ${kind ?? "wrong"}: ${what}`);
  }
}

type OpenSocket = (server: ServerProcess, token: string) => Promise<LaneSocket>;

function openPlain(server: ServerProcess, token: string): Promise<LaneSocket> {
  return PlainClient.open(server.socketUrl(token));
}

function openIo({ url }: ServerProcess, token: string, webSocket: boolean): Promise<LaneSocket> {
  return IoLaneSocket.open(url, token, webSocket);
}
