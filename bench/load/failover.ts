import { browserSocket, type OpenSocket } from "../../client/connection.ts";
import { type Client, connect } from "../../client/index.ts";
import { until } from "./crowd.ts";
import type { Group, Outcome, ScenarioOf } from "./scenario.ts";
import { quantile } from "./window.ts";

/** A server is killed while a teacher marks on another one: how long until each of its clients has everything again. */
export async function failover(scenario: ScenarioOf<"failover">): Promise<Outcome> {
  const [group] = scenario.groups;
  if (!group) throw new Error("nobody there");
  const { url, desksAt = [] } = scenario;
  const others = desksAt.filter((each) => each !== url);
  const seats = group.students.map(({ token }, n) => new Seat(group, token, [url, ...turned(others, n)]));
  await until("everybody there", () => seats.every((seat) => seat.isReady));
  const teacher = new Marking(group, others[0] ?? url);
  await until("the teacher there", () => teacher.isReady);
  const marking = teacher.run(scenario.perSecond);
  await Bun.sleep(scenario.warmMs);
  const acknowledged = teacher.acknowledged;
  process.kill(scenario.pid, "SIGKILL");
  const killedAt = performance.now();
  await until("everybody back", () => seats.every((seat) => seat.backAt > killedAt));
  teacher.stop();
  const last = await marking;
  await until("every screen complete", () => seats.every((seat) => seat.seq === last));
  const stale = seats.filter((seat) => seat.seqWhenBack < acknowledged).length;
  if (stale > 0) throw new Error(`${stale} came back without marks that were acknowledged before the kill`);
  const samples = seats.map((seat) => seat.backAt - killedAt);
  for (const seat of seats) seat.client.close();
  teacher.client.close();
  return {
    backP50: quantile(samples, 0.5),
    backP95: quantile(samples, 0.95),
    backMax: quantile(samples, 1),
    marksMeanwhile: last - acknowledged,
  };
}

/** Our client on the first of the addresses, then on the others by turns: as behind a proxy that knows who is gone. */
class Seat {
  readonly client: Client;
  /** When it was ready the last time, and how far it knew the session then. */
  backAt = 0;
  seqWhenBack = 0;
  #dials = 0;

  constructor(
    private readonly group: Group,
    token: string,
    urls: readonly string[],
  ) {
    const next = () => (this.#dials++ === 0 ? urls[0] : urls[1 + (this.#dials % (urls.length - 1))]) ?? "";
    const webSocket: OpenSocket = (_, protocol, heard) => browserSocket(socketUrl(next()), protocol, heard);
    this.client = connect({ url: "", credentials: async () => ({ token }), webSocket });
    this.client.on("status", ({ state }) => {
      if (state !== "ready") return;
      this.backAt = performance.now();
      this.seqWhenBack = this.seq;
    });
  }

  get isReady(): boolean {
    return this.client.status.state === "ready";
  }

  get seq(): number {
    return this.client.sessions.get(this.group.session)?.seq ?? 0;
  }
}

/** A teacher who marks one student after the other. */
class Marking {
  readonly client: Client;
  /** The last event that the server has said is saved. */
  acknowledged = 0;
  #going = true;

  constructor(
    private readonly group: Group,
    url: string,
  ) {
    const { token } = group.teacher;
    this.client = connect({ url: socketUrl(url), credentials: async () => ({ token }) });
  }

  get isReady(): boolean {
    return this.client.status.state === "ready";
  }

  stop(): void {
    this.#going = false;
  }

  /** Marks until it is stopped; gives the last event once all are acknowledged. */
  async run(perSecond: number): Promise<number> {
    const { session, students } = this.group;
    const asked: Promise<void>[] = [];
    for (let n = 0; this.#going; n++) {
      const status = Math.floor(n / students.length) % 2 ? "absent" : "present";
      const { outcome } = this.client.mark(session, students[n % students.length]?.id ?? "", status);
      asked.push(
        outcome.then((became) => {
          if (!became.ok) throw new Error(`a mark was refused: ${became.message}`);
          this.acknowledged = Math.max(this.acknowledged, became.seq);
        }),
      );
      await Bun.sleep(1000 / perSecond);
    }
    await Promise.all(asked);
    return this.acknowledged;
  }
}

const socketUrl = (url: string): string => `${url.replace("http", "ws")}/ws`;
const turned = (urls: readonly string[], by: number): string[] =>
  urls.map((_, index) => urls[(index + by) % urls.length] ?? "");
