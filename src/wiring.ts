import { type Alive, SILENT_MS } from "./cluster/alive.ts";
import { Cluster } from "./cluster/cluster.ts";
import { AloneInCalls } from "./commands/alone-in-calls.ts";
import type { Config } from "./config.ts";
import { plainEncoder } from "./dialects/plain.ts";
import { tellOfUsers } from "./dialects/room-verbs.ts";
import { socketIoEncoder } from "./dialects/socket-io/frames.ts";
import { presenceFrame, v1Encoder } from "./dialects/v1/frames.ts";
import { tellOfPeers } from "./dialects/v1/room.ts";
import type { Audience } from "./hub/audience.ts";
import { Hub } from "./hub/hub.ts";
import { type Neighbours, NO_NEIGHBOURS } from "./hub/neighbours.ts";
import type { CallOrders } from "./hub/room-parts.ts";
import { inEveryDialect } from "./hub/tell-room.ts";
import { AuditLog } from "./log/audit.ts";
import type { CommitReport } from "./log/committer.ts";
import { type Finder, findHere, SharedFinder } from "./log/finder.ts";
import { Sessions } from "./log/sessions.ts";
import type { Log } from "./observe/log.ts";
import type { OpenBus } from "./ports/bus.ts";
import type { Calls } from "./ports/calls.ts";
import type { Clock } from "./ports/clock.ts";
import type { Store } from "./ports/store.ts";
import { Caretaker } from "./presence/caretaker.ts";
import { VisitorBook } from "./presence/visitor-book.ts";
import type { Runtime } from "./runtime/bun.ts";

/** This server as one of several. */
export interface Membership {
  readonly alive: Alive;
  readonly openBus: OpenBus;
  /** Whether news comes by more than asking the store. */
  readonly hasBus: boolean;
}

interface Parts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly calls?: Calls | null;
  /** Null where no other server writes to this store. */
  readonly membership: Membership | null;
  readonly runtime: () => Runtime | undefined;
  readonly report: (report: CommitReport) => void;
}

/** Who is connected, which sessions run, and the other nodes: parts that know each other. */
export interface Wired {
  readonly hub: Hub;
  readonly aloneInCalls: AloneInCalls;
  readonly sessions: Sessions;
  readonly find: Finder;
  readonly neighbours: Neighbours;
  /** Null where this server is alone. */
  readonly cluster: Cluster | null;
  /** Who came into the video rooms and left them. */
  readonly visitors: VisitorBook;
  readonly caretaker: Caretaker;
}

/** Wires them. */
export function wire(parts: Parts): Wired {
  const { store, membership } = parts;
  const late: Late = { cluster: null, visitors: null };
  const node = membership?.alive.node.id ?? crypto.randomUUID();
  const aloneInCalls = new AloneInCalls();
  const hub = hubOf(parts, late, aloneInCalls);
  const sessions = sessionsOf(parts, node, hub, () => late.cluster);
  const caretaker = caretakerOf(parts, node, sessions);
  const shared = { hub, aloneInCalls, sessions, caretaker };
  if (!membership) {
    const find = findHere(sessions);
    const visitors = visitorsOf(parts, node, sessions, find);
    late.visitors = visitors;
    return { ...shared, find, neighbours: NO_NEIGHBOURS, cluster: null, visitors };
  }
  const cluster = clusterOf(parts, membership, hub, sessions);
  late.cluster = cluster;
  membership.alive.voice = () => cluster.voice;
  membership.alive.onUnsaid = (of) => cluster.unsaid(of);
  const find = new SharedFinder({
    sessions,
    store,
    hears: (id) => cluster.isHeard(id),
    isFresh: () => cluster.isFresh || isAlone(parts.config, membership),
  });
  membership.alive.onLost = (node) => {
    cluster.lost(node);
    void takeOver(parts, membership, find, caretaker);
    // An end that it was in the middle of.
    void sessions.finishBehind().catch((error: unknown) => parts.log.error({ err: error }, SWEEP_FAILED));
  };
  const visitors = visitorsOf(parts, node, sessions, find);
  late.visitors = visitors;
  return { ...shared, find, neighbours: neighboursOf(cluster), cluster, visitors };
}

/** A session whose sockets were all on the node that is gone is in nobody's memory: one of the others sees to it. */
async function takeOver(
  { store, log }: Parts,
  { alive }: Membership,
  find: Finder,
  caretaker: Caretaker,
): Promise<void> {
  try {
    if (alive.leads) for (const { classId } of await store.sessions.running()) await find.current(classId);
  } catch (error) {
    log.error({ err: error }, "the sessions of a node that is gone could not be looked through");
  }
  await caretaker.sweep();
}

/** What is only there once all are. */
interface Late {
  cluster: Cluster | null;
  visitors: VisitorBook | null;
}

const visitorsOf = (
  { clock, config, log }: Parts,
  node: string,
  { memory }: Sessions,
  find: Finder,
): VisitorBook =>
  new VisitorBook({
    node,
    memory,
    byId: (id) => find.byId(id),
    clock,
    staysMax: config.ROOM_STAYS_MAX,
    silence: { pingMs: config.ROOM_PING_MS, maxMs: config.SILENCE_MAX_MS },
    troubled: (what, session, error) => log.error({ session, err: error }, what),
  });

const caretakerOf = ({ store, membership, log }: Parts, node: string, { memory }: Sessions): Caretaker =>
  new Caretaker({
    node,
    memory,
    nodes: store.nodes,
    others: () => membership?.alive.others.map(({ id }) => id) ?? [],
    silentMs: SILENT_MS,
    troubled: (what, session, error) => log.error({ session, err: error }, what),
  });

/** Without a bus, and without the operator's word that there may be several, no other server is let in beside this one. */
const isAlone = ({ POLL_ONLY }: Config, { alive, hasBus }: Membership): boolean =>
  !hasBus && POLL_ONLY === "off" && alive.others.length === 0;

export const SWEEP_FAILED = "the records of ended sessions could not be written";

function hubOf(
  { config, clock, calls, log, runtime, membership }: Parts,
  late: Late,
  aloneInCalls: AloneInCalls,
): Hub {
  const cluster = () => late.cluster;
  const audience: Audience = {
    enter: (id) => cluster()?.enter(id),
    leave: (id) => cluster()?.leave(id),
  };
  return new Hub({
    encoders: [plainEncoder, v1Encoder, socketIoEncoder],
    studentWindowMs: config.STUDENT_WINDOW_MS,
    socketsPerUser: config.SOCKETS_PER_USER_MAX,
    room: {
      tell: inEveryDialect([tellOfUsers, tellOfPeers]),
      paces: {
        signals: { perSecond: config.SIGNALS_PER_S, burst: config.SIGNALS_BURST },
        sayings: { perSecond: config.CHAT_PER_S, burst: config.CHAT_BURST },
        shows: { perSecond: config.SHOWS_PER_S, burst: config.SHOWS_BURST },
      },
      meshMax: config.VIDEO_MESH_MAX,
      pagesMax: config.ROOM_PAGES_MAX,
      calls: callOrders(calls, { log, clock, aloneInCalls }),
      now: () => clock.now(),
    },
    passed: (...passage) => late.visitors?.passed(...passage),
    presence: {
      everyMs: config.PRESENCE_EVERY_MS,
      encode: presenceFrame,
      ears: {
        looking: (id) => cluster()?.presence.looking(id),
        moved: (id, moves) => cluster()?.presence.moved(id, moves),
      },
    },
    hears: (topic) => runtime()?.hears(topic) ?? false,
    publish: (topic, frame) => runtime()?.publish(topic, frame),
    ...(membership && {
      audience,
      roomChanged: (id) => cluster()?.roomChanged(id),
      sinceJoined: (id, user, listen) => void cluster()?.sinceJoined(id, user, listen),
    }),
  });
}

/** A media server that does not answer holds nobody up; its list of callers is looked at again and again. */
function callOrders(
  calls: Calls | null | undefined,
  { log, clock, aloneInCalls }: Pick<Parts, "log" | "clock"> & Pick<Wired, "aloneInCalls">,
): CallOrders | undefined {
  if (!calls) return undefined;
  const done = (promise: Promise<void>) =>
    void promise.catch((error: unknown) => log.error({ err: error }, "LiveKit did not do what it was asked"));
  return {
    remove: (session, user) => done(calls.remove(session, user)),
    hangUp(session, peer) {
      aloneInCalls.left(session, peer, clock.now());
      done(calls.hangUp(session, peer));
    },
    end: (session) => done(calls.end(session)),
  };
}

function sessionsOf(parts: Parts, node: string, hub: Hub, cluster: () => Cluster | null): Sessions {
  const { store, clock, config, log, membership, report } = parts;
  return new Sessions({
    store,
    clock,
    audit: new AuditLog(store.audit, clock),
    writer: node,
    tailEvents: config.RESUME_EVENTS_MAX,
    publish: (session, told) => hub.publish(session, told),
    report,
    troubled: (what, session, error) => log.error({ session, err: error }, what),
    ...(membership && {
      announce: (session, batch) => cluster()?.teller.announce(session, batch),
      want: (session) => cluster()?.teller.want(session),
      hears: (id) => cluster()?.isHeard(id) ?? false,
      isUnheard: () => membership.alive.others.length > 0 && !(cluster()?.isFresh ?? false),
    }),
  });
}

const clusterOf = (
  { store, clock, config, log }: Parts,
  { alive, openBus }: Membership,
  hub: Hub,
  sessions: Sessions,
): Cluster =>
  new Cluster({
    node: alive.node.id,
    openBus,
    others: () => alive.heard.map(({ id }) => id),
    areMute: () => alive.heard.length < alive.others.length,
    show: () => alive.show(),
    store,
    sessions,
    hub,
    clock,
    pollEveryMs: config.POLL_EVERY_MS,
    tailEvents: config.RESUME_EVENTS_MAX,
    letGoMs: config.CLASS_KEPT_MS,
    troubled: (what, error, session) => log.error({ ...(session && { session }), err: error }, what),
  });

function neighboursOf(cluster: Cluster): Neighbours {
  const { teller } = cluster;
  return {
    hear: (classId) => cluster.hear(classId),
    started: (live) => teller.started(live),
    membership: (classId, user) => teller.membership(classId, user),
    archived: (classId) => teller.archived(classId),
    said: (...said) => teller.said(...said),
    doorChanged: (classId, session, door) => teller.doorChanged(classId, session, door),
    accessEnded: (user) => teller.accessEnded(user),
    summarised: (live) => teller.summarised(live),
  };
}
