import type { Crowd } from "./crowd.ts";
import type { Fleet } from "./fleet.ts";
import type { Lesson, Marking } from "./lesson.ts";

/** Where a fault is done: the servers, and who marks meanwhile. */
export interface Scene {
  readonly fleet: Fleet;
  readonly crowd: Crowd;
  /** How long what lasts lasts, in ms. */
  readonly lastsMs: number;
}

/** What a fault has to say that is peculiar to it; a sentence that begins with "WRONG" is a fault of the product. */
type Said = string | null;

interface Fault extends Marking {
  readonly name: string;
  /** Does it, and resolves once it is healed. */
  readonly play: (scene: Scene) => Promise<Said>;
}

const someNode = ({ fleet, crowd }: Scene) => fleet.at(crowd.random.below(fleet.nodes.length));

/** Clients move on; the server comes back later, somewhere else. */
async function killNode(scene: Scene): Promise<Said> {
  const node = someNode(scene);
  await node.kill9();
  await Bun.sleep(scene.lastsMs / 2);
  await node.start();
  return null;
}

async function killPrimary({ fleet }: Scene): Promise<Said> {
  const primary = await fleet.mongo.primary();
  await primary.kill9();
  await fleet.mongo.primary();
  await primary.start();
  return null;
}

async function stopPrimary({ fleet, lastsMs }: Scene): Promise<Said> {
  const primary = await fleet.mongo.primary();
  primary.signal("SIGSTOP");
  await Bun.sleep(lastsMs);
  primary.signal("SIGCONT");
  return null;
}

/** No screen is older than 2 s meanwhile. */
const OLDEST_MS = 2000;

async function withoutNews(
  scene: Scene,
  away: () => Promise<void>,
  back: () => Promise<void>,
  ill: (node: number) => boolean = () => true,
): Promise<Said> {
  const { crowd, lastsMs } = scene;
  await away();
  const from = performance.now();
  await Bun.sleep(lastsMs);
  const health = await healthOf(scene);
  const to = performance.now() - OLDEST_MS;
  await back();
  const clients = new Set(crowd.seats.map(({ name }) => name));
  const oldest = Math.round(crowd.history.oldestScreen(from, to, clients));
  const words = `oldest screen ${oldest} ms, health ${health.join(" ")}`;
  const isWrong =
    oldest > OLDEST_MS || health.some((status, n) => status !== (ill(n) ? "200:degraded" : "200:ok"));
  return isWrong ? `WRONG ${words}` : words;
}

async function healthOf({ fleet }: Scene): Promise<string[]> {
  return Promise.all(
    fleet.urls.map(async (url) => {
      const answer = await fetch(`${url}/health`);
      const text = await answer.text();
      return `${answer.status}:${/"status":"(\w+)"/.exec(text)?.[1] ?? text}`;
    }),
  );
}

const killRedis = (scene: Scene): Promise<Said> =>
  withoutNews(
    scene,
    () => scene.fleet.redis.service.kill9(),
    () => scene.fleet.redis.service.start(),
  );

const lateRedis = (scene: Scene): Promise<Said> =>
  withoutNews(
    scene,
    async () => scene.fleet.behave({ lateMs: 1000 }),
    async () => scene.fleet.behave(),
  );

/** What was on its way to a majority may still be acknowledged this long after it is gone, in ms. */
const AFTERGLOW_MS = 500;

/** Only the first server's, whose connections stay and carry nothing. */
const cutOff = (scene: Scene): Promise<Said> =>
  withoutNews(
    scene,
    async () => {
      await Promise.all(scene.crowd.lessons.map(({ desk }) => desk.moveTo(0)));
      scene.fleet.proxies[0].behave({ silent: true });
    },
    async () => scene.fleet.proxies[0].behave(),
    (node) => node === 0,
  );

async function noMajority({ fleet, crowd, lastsMs }: Scene): Promise<Said> {
  const primary = await fleet.mongo.primary();
  const other = fleet.mongo.members.find((member) => member !== primary);
  await Promise.all([primary.kill9(), other?.kill9()]);
  const from = performance.now() + AFTERGLOW_MS;
  const before = crowd.history.unsaved;
  // Longer than a server waits for a primary before it says that it could not save.
  await Bun.sleep(Math.max(lastsMs, 5000));
  const acknowledged = crowd.history.acknowledgedBetween(from, performance.now());
  const refused = crowd.history.unsaved - before;
  await Promise.all([primary.start(), other?.start()]);
  await fleet.mongo.primary();
  const words = `${refused} commands refused, ${acknowledged} acknowledged meanwhile`;
  return acknowledged > 0 || refused === 0 ? `WRONG ${words}` : words;
}

async function rollingRestart({ fleet }: Scene): Promise<Said> {
  const codes: (number | null)[] = [];
  for (const node of fleet.nodes) {
    node.signal("SIGTERM");
    codes.push(await node.ended());
    await node.start();
  }
  return codes.every((code) => code === 0) ? null : `WRONG exit codes ${codes}`;
}

const SKEWED = "test/cluster/faults/skewed-process.ts";

async function wrongClock(scene: Scene): Promise<Said> {
  const { fleet, lastsMs } = scene;
  const at = fleet.nodes.indexOf(someNode(scene));
  const honest = fleet.at(at);
  const skewed = fleet.node(SKEWED);
  await honest.kill9();
  fleet.nodes[at] = skewed;
  await skewed.start();
  await Bun.sleep(lastsMs);
  await skewed.kill9();
  fleet.nodes[at] = honest;
  await honest.start();
  await skewed.remove();
  return null;
}

/** The second desk of each class is on another node than the first all the while: here both have nothing else to do. */
async function twoWriters({ crowd, lastsMs }: Scene): Promise<Said> {
  const before = crowd.history.asked.size;
  const unsavedBefore = crowd.history.unsaved;
  await Bun.sleep(lastsMs);
  const unsaved = crowd.history.unsaved - unsavedBefore;
  return `${unsaved > 0 ? "WRONG " : ""}${crowd.history.asked.size - before} marks, ${unsaved} could not be saved`;
}

/** The end on both desks at once, against marks, and with its node killed in the middle. */
async function manyEnds({ fleet, crowd }: Scene): Promise<Said> {
  const kill = async () => {
    await Bun.sleep(crowd.random.below(8));
    const node = fleet.at(crowd.random.below(fleet.nodes.length));
    await node.kill9();
    await node.start();
  };
  const ended = crowd.lessons.map((lesson, n) => endTwice(lesson, n % 3 !== 1, n === 2 ? kill : null));
  await Promise.all(ended);
  return null;
}

async function endTwice(
  lesson: Lesson,
  twice: boolean,
  meanwhile: (() => Promise<void>) | null,
): Promise<void> {
  const session = await lesson.start();
  if (!session) return;
  const first = lesson.desk.command((id) => ({ type: "end", id, session }));
  if (twice) lesson.second.command((id) => ({ type: "end", id, session }));
  for (const { who } of lesson.watchers.slice(0, 3))
    lesson.second.command((id) => ({ type: "mark", id, session, student: who.id, status: "present" }));
  await meanwhile?.();
  await lesson.desk.answered(first);
  lesson.session = null;
}

async function unrulyNews({ fleet, lastsMs }: Scene): Promise<Said> {
  fleet.behave({ unrulyMs: 150 });
  await Bun.sleep(lastsMs);
  fleet.behave();
  return null;
}

/** Writes that stand and are not confirmed, writes that are cut off, and clients that are. */
async function unknownOutcomes({ fleet, crowd, lastsMs }: Scene): Promise<Said> {
  const primary = fleet.mongo.direct(await fleet.mongo.primary());
  const breaking = (mode: unknown, data: object) =>
    primary.db("admin").command({ configureFailPoint: "failCommand", mode, data });
  try {
    for (let round = 0; round < 4; round++) {
      const code = { writeConcernError: { code: 64, errmsg: "waiting for replication timed out" } };
      await breaking({ times: 5 }, { failCommands: ["insert"], ...code });
      for (const { client } of crowd.lessons.map(({ desk }) => desk)) void client.close();
      await Bun.sleep(lastsMs / 8);
      await breaking({ times: 5 }, { failCommands: ["insert"], closeConnection: true });
      await Bun.sleep(lastsMs / 8);
    }
  } finally {
    await breaking("off", {});
    await primary.close();
  }
  return null;
}

/** The faults of the issue, by its numbers. */
export const FAULTS: readonly Fault[] = [
  { name: "1 kill -9 of a node", play: killNode },
  { name: "2 kill -9 of the MongoDB primary", play: killPrimary },
  { name: "3 SIGSTOP of the primary, then SIGCONT", play: stopPrimary },
  { name: "4 kill -9 and restart of Redis", play: killRedis, ends: false },
  { name: "5 a Redis that answers after 2 s", play: lateRedis, ends: false },
  { name: "6 two of three mongod down", play: noMajority },
  { name: "7 a rolling restart of all nodes", play: rollingRestart },
  { name: "8 a node whose clock is 10 minutes off", play: wrongClock },
  { name: "9 two nodes marking the same session", play: twoWriters, ends: false },
  { name: "10 ends at once, against marks, on a dying node", play: manyEnds },
  { name: "11 news twice, late and out of order", play: unrulyNews },
  { name: "12 unknown outcomes", play: unknownOutcomes },
  { name: "13 one node is cut off from Redis", play: cutOff, ends: false, follows: false },
];
