import { SOCKET_IO_PATH } from "../protocol/socket-io.ts";
import { createAuthenticate } from "./commands/authenticate.ts";
import { CallRounds } from "./commands/call-rounds.ts";
import type { Context } from "./commands/context.ts";
import { endOpen } from "./commands/end-access.ts";
import { createOutsiders, type Outsiders } from "./commands/outsiders.ts";
import { accountsOf } from "./config/issuer.ts";
import { settingsShown } from "./config/shown.ts";
import type { Config } from "./config.ts";
import type { ClassId } from "./core/ids.ts";
import type { Actor } from "./core/people.ts";
import { plainDialect } from "./dialects/plain.ts";
import type { SocketIoParts } from "./dialects/socket-io/mount.ts";
import { v1Dialect } from "./dialects/v1/endpoint.ts";
import { createHttp } from "./http/app.ts";
import { proxiesOf } from "./http/client-address.ts";
import { cookieOf } from "./http/entry.ts";
import { Origins } from "./http/origins.ts";
import { RequestLog } from "./http/request-log.ts";
import { Door } from "./hub/door.ts";
import { later } from "./hub/later.ts";
import { UserBuckets } from "./hub/user-buckets.ts";
import { AuditLog } from "./log/audit.ts";
import { EndedLogs } from "./log/ended-logs.ts";
import { removeOld } from "./log/retention.ts";
import { anchorTrail, Trail } from "./log/trail.ts";
import { HealthCheck } from "./observe/health.ts";
import type { Log } from "./observe/log.ts";
import { Metrics } from "./observe/metrics.ts";
import type { BrowserSessions, Devices } from "./ports/browser-sessions.ts";
import type { Calls } from "./ports/calls.ts";
import type { Clock } from "./ports/clock.ts";
import type { Codes, OutsideIssuer, Passwords, Tickets, Tokens } from "./ports/identity.ts";
import type { Store } from "./ports/store.ts";
import type { LoginThrottle } from "./ports/throttle.ts";
import { signsOfLife } from "./presence/signs-of-life.ts";
import type { Runtime, RuntimeParts } from "./runtime/bun.ts";
import { type Membership, SWEEP_FAILED, type Wired, wire } from "./wiring.ts";

export interface ServerParts {
  readonly config: Config;
  readonly store: Store;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly tickets: Tickets;
  /** Where one is set up; its tokens are among `tokens`. */
  readonly issuer?: OutsideIssuer | null;
  readonly logins: LoginThrottle;
  readonly browsers: BrowserSessions;
  readonly devices: Devices;
  readonly codes: Codes;
  readonly fillDemo: Context["fillDemo"];
  readonly clock: Clock;
  readonly log: Log;
  /** Where a media server is set up. */
  readonly calls?: Calls | null;
  readonly listen: (parts: RuntimeParts) => Runtime;
  /** Where other servers write to this store too. */
  readonly membership?: Membership;
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, commits what is in flight, closes every socket and the store. */
  stop(): Promise<void>;
}

/** How often ended sessions whose records are behind are looked for. */
const SWEEP_MS = 30_000;
/** How often what is too old is looked for. */
const RETENTION_MS = 600_000;
/** How often it is looked who is in the rooms by nodes that are gone, in ms. */
const ROOMS_MS = 2000;
/** How often counted failures are written down. */
const FAILURES_MS = 60_000;

/** Puts the parts together and serves. Running sessions run on before the first request is taken. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, store, log, listen } = parts;
  const metrics = new Metrics();
  let runtime: Runtime | undefined;
  const report: Parameters<typeof wire>[0]["report"] = (commit) => {
    metrics.committed(commit);
    if (commit.failed) health.failed();
  };
  const wired = wire({ ...parts, membership: parts.membership ?? null, runtime: () => runtime, report });
  const { cluster } = wired;
  const health = healthOf(parts, wired);
  metrics.countHeld = () => ({ classes: cluster?.heard ?? 0, sessions: wired.sessions.memory.size });
  await takeUp(wired);
  const refused = (reason: string) => metrics.refusals.inc({ reason });
  const archive = archiveOf(parts);
  const context = contextOf(parts, wired, archive.trail, refused);
  const authenticate = authenticateOf(parts, context, metrics);
  cluster?.admitBy(authenticate.stands);
  const trusted = proxiesOf(config.TRUST_PROXY);
  const entry = { origins: new Origins(config), trusted, byBrowser: authenticate.byBrowser };
  const stands = { classesOf: ({ id }: Actor) => store.classes.idsOf(id), stands: authenticate.stands };
  const hear = cluster && { hear: (classId: ClassId) => cluster.hear(classId) };
  const users = new UserBuckets(config.USER_RATE_SOCKETS);
  const waitOf = users.waitOf.bind(users);
  const door = new Door({ hub: wired.hub, ...stands, ...hear, waitOf, refused, troubled: context.troubled });
  const { byToken } = authenticate;
  runtime = listen({
    config,
    http: createHttp({
      context,
      byToken,
      entry,
      health,
      metrics,
      requests: new RequestLog(log),
      metricsToken: config.METRICS_TOKEN,
      bodyBytesMax: config.BODY_BYTES_MAX,
    }),
    dialects: [
      plainDialect({ context, door, authenticate: byToken, refused }),
      v1Dialect({
        context,
        door,
        authenticate: { ...authenticate, byCookie: (asked) => cookieOf(entry, asked) },
        limits: config,
      }),
    ],
    mounts: [socketIoLater({ context, door, authenticate: byToken, refused, limits: config })],
    metrics,
    users,
    log,
  });
  const { port } = runtime;
  const endChores = startChores(parts, wired, archive, context);
  return { port, stop: () => stop(runtime, parts, wired, archive, endChores) };
}

/** Its packages are a quarter of what a start would load. */
const socketIoLater = (parts: SocketIoParts) =>
  later(SOCKET_IO_PATH, async () => (await import("./dialects/socket-io/mount.ts")).socketIo(parts));

/** Where there is no bus, none can fail. */
const healthOf = ({ store, clock, membership }: ServerParts, { cluster }: Wired): HealthCheck =>
  new HealthCheck(store, clock, cluster && membership?.hasBus ? () => cluster.busState : null);

/** Alone, every session that ran runs on here; else each when it is asked for. */
async function takeUp({ cluster, sessions, caretaker }: Wired): Promise<void> {
  await (cluster ? sessions.finishBehind() : sessions.resume());
  await caretaker.sweep();
}

const outsidersOf = (
  { browsers, issuer, store, clock }: ServerParts,
  { hub, neighbours }: Wired,
  trail: Trail,
): Outsiders =>
  createOutsiders({
    users: store.users,
    profiles: issuer?.profiles ?? null,
    clock,
    trail,
    ended: (user) => endOpen({ browsers, hub, neighbours }, user),
  });

const authenticateOf = (
  { tokens, tickets, browsers, store }: ServerParts,
  { outsiders }: Context,
  metrics: Metrics,
) =>
  createAuthenticate({
    tokens,
    tickets,
    browsers,
    users: store.users,
    outsiders,
    refused: (reason) => metrics.tokensRefused.inc({ reason }),
  });

function contextOf(parts: ServerParts, wired: Wired, trail: Trail, refused: Context["refused"]): Context {
  const { config, log, listen: _listen, membership: _membership, ...given } = parts;
  const troubled: Context["troubled"] = (what, error, where) => log.error({ ...where, err: error }, what);
  const { sessions, find, neighbours, hub, visitors } = wired;
  return {
    ...given,
    trail,
    sessions,
    find,
    neighbours,
    hub,
    visitors,
    endedLogs: new EndedLogs(given.store.sessions),
    outsiders: outsidersOf(parts, wired, trail),
    outsideSignIn: parts.issuer?.signIn ?? null,
    hasIssuer: Boolean(parts.issuer),
    calls: parts.calls ?? null,
    witness: visitors,
    callRounds: new CallRounds(),
    aloneInCalls: wired.aloneInCalls,
    accounts: accountsOf(config),
    limits: config,
    settings: settingsShown(config),
    troubled,
    refused,
  };
}

/** What people did, and where that is vouched for. */
function archiveOf({ store, clock, config, log }: ServerParts) {
  const troubled = (what: string, error: unknown) => log.error({ err: error }, what);
  const trail = new Trail({ store: store.trail, clock, troubled, failuresMax: config.AUDIT_FAILURES_MAX });
  return { trail, audit: new AuditLog(store.audit, clock) };
}

type Archive = ReturnType<typeof archiveOf>;

/** What is done by the clock: the sweep, counted failures, and where the logs and the trail stand for the audit chain. */
function startChores(
  { config, log, membership, store, clock }: ServerParts,
  { sessions, visitors, caretaker }: Wired,
  { trail, audit }: Archive,
  context: Context,
): () => void {
  const chore = (what: string, ms: number, work: () => Promise<void>) =>
    setInterval(() => work().catch((error: unknown) => log.error({ err: error }, what)), ms);
  const timers = [
    chore(SWEEP_FAILED, SWEEP_MS, () => sessions.finishBehind()),
    chore("the head hashes could not be written", config.AUDIT_EVERY_MS, async () => {
      if (!(membership?.alive.leads ?? true)) return;
      await sessions.auditHeads();
      await anchorTrail(store.trail, audit);
    }),
    chore("old sessions could not be removed", RETENTION_MS, async () => {
      const { RETENTION_YEARS: years } = config;
      if (years !== undefined && (membership?.alive.leads ?? true))
        await removeOld({ store, audit, trail, clock, years });
    }),
    chore("who is in the rooms could not be looked through", ROOMS_MS, async () => {
      visitors.restore();
      await caretaker.sweep();
    }),
    ...(context.calls
      ? [
          chore("who is in the calls could not be asked", config.LIVEKIT_LIST_MS, () =>
            context.callRounds.askAll(context),
          ),
        ]
      : []),
    chore("failed sign-ins could not be written", FAILURES_MS, () => trail.flushFailures()),
  ];
  // With other servers, the alive rows are there anyhow.
  const endSigns = membership
    ? () => undefined
    : signsOfLife({
        node: visitors.node,
        nodes: store.nodes,
        isNeeded: () => visitors.isOpen,
        troubled: (error) => log.error({ err: error }, "this server could not write down that it lives"),
      });
  return () => {
    timers.forEach(clearInterval);
    context.callRounds.close();
    endSigns();
  };
}

async function stop(
  runtime: Runtime,
  { config, store, membership }: ServerParts,
  { sessions, hub, cluster, visitors }: Wired,
  { trail }: Archive,
  endChores: () => void,
): Promise<void> {
  endChores();
  // Sockets are told to come back before a database that hangs has taken all the time there is.
  await runtime.drain(async () => {
    await Promise.race([sessions.idle(), Bun.sleep(config.SHUTDOWN_MS / 3)]);
    hub.flush();
    // Everyone leaves at once now, and nobody is told of everyone else.
    hub.rooms.closeAll();
    await Promise.race([visitors.settleAll(), Bun.sleep(config.SHUTDOWN_MS / 6)]);
  });
  await trail.flushFailures();
  await cluster?.stop();
  await membership?.alive.end();
  await store.close();
}
