import { SOCKET_IO_PATH } from "../protocol/socket-io.ts";
import { createAuthenticate } from "./commands/authenticate.ts";
import type { Context } from "./commands/context.ts";
import { endOpen } from "./commands/end-access.ts";
import { createOutsiders } from "./commands/outsiders.ts";
import { accountsOf } from "./config/issuer.ts";
import type { Config } from "./config.ts";
import type { Actor } from "./core/people.ts";
import { plainDialect, plainEncoder } from "./dialects/plain.ts";
import { tellRoom } from "./dialects/room-verbs.ts";
import { socketIoEncoder } from "./dialects/socket-io/frames.ts";
import { v1Dialect } from "./dialects/v1/endpoint.ts";
import { presenceFrame, v1Encoder } from "./dialects/v1/frames.ts";
import { createHttp } from "./http/app.ts";
import { proxiesOf } from "./http/client-address.ts";
import { cookieOf } from "./http/entry.ts";
import { Origins } from "./http/origins.ts";
import { RequestLog } from "./http/request-log.ts";
import { Door } from "./hub/door.ts";
import { Hub } from "./hub/hub.ts";
import { later } from "./hub/later.ts";
import { AuditLog } from "./log/audit.ts";
import type { CommitReport } from "./log/committer.ts";
import { EndedLogs } from "./log/ended-logs.ts";
import { Sessions } from "./log/sessions.ts";
import { HealthCheck } from "./observe/health.ts";
import type { Log } from "./observe/log.ts";
import { Metrics } from "./observe/metrics.ts";
import type { BrowserSessions, Devices } from "./ports/browser-sessions.ts";
import type { Clock } from "./ports/clock.ts";
import type { OutsideIssuer, Passwords, Tickets, Tokens } from "./ports/identity.ts";
import type { Store } from "./ports/store.ts";
import type { LoginThrottle } from "./ports/throttle.ts";
import type { Runtime, RuntimeParts } from "./runtime/bun.ts";

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
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: (parts: RuntimeParts) => Runtime;
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, commits what is in flight, closes every socket and the store. */
  stop(): Promise<void>;
}

/** How often ended sessions whose records are behind are looked for. */
const SWEEP_MS = 30_000;

/** Puts the parts together and serves. Running sessions run on before the first request is taken. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, store, clock, log, listen } = parts;
  const metrics = new Metrics();
  const health = new HealthCheck(store, clock);
  let runtime: Runtime | undefined;
  const hub = hubOf(config, {
    hears: (topic) => runtime?.hears(topic) ?? false,
    publish: (topic, frame) => runtime?.publish(topic, frame),
  });
  const sessions = sessionsOf(parts, hub, (report) => {
    metrics.committed(report);
    if (report.failed) health.failed();
  });
  await sessions.resume();
  const refused = (reason: string) => metrics.refusals.inc({ reason });
  const context = contextOf(parts, sessions, hub, refused);
  const authenticate = authenticateOf(parts, context, metrics);
  const trusted = proxiesOf(config.TRUST_PROXY);
  const entry = { origins: new Origins(config), trusted, byBrowser: authenticate.byBrowser };
  const stands = { classesOf: ({ id }: Actor) => store.classes.idsOf(id), stands: authenticate.stands };
  const door = new Door({ hub, ...stands, refused, troubled: context.troubled });
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
    mounts: [
      later(SOCKET_IO_PATH, async () => {
        const { socketIo } = await import("./dialects/socket-io/mount.ts");
        return socketIo({ context, door, authenticate: byToken, refused, limits: config });
      }),
    ],
    metrics,
    log,
  });
  const { port } = runtime;
  const endChores = startChores(sessions, config, log);
  return { port, stop: () => stop(runtime, sessions, hub, store, endChores) };
}

const hubOf = (config: Config, topics: Pick<Runtime, "hears" | "publish">): Hub =>
  new Hub({
    ...topics,
    encoders: [plainEncoder, v1Encoder, socketIoEncoder],
    studentWindowMs: config.STUDENT_WINDOW_MS,
    socketsPerUser: config.SOCKETS_PER_USER_MAX,
    tellRoom,
    presence: { everyMs: config.PRESENCE_EVERY_MS, encode: presenceFrame },
  });

const authenticateOf = (
  { tokens, tickets, browsers, issuer, store, clock }: ServerParts,
  { hub }: Pick<Context, "hub">,
  metrics: Metrics,
) =>
  createAuthenticate({
    tokens,
    tickets,
    browsers,
    users: store.users,
    outsiders: createOutsiders({
      users: store.users,
      profiles: issuer?.profiles ?? null,
      clock,
      ended: (user) => endOpen({ browsers, hub }, user),
    }),
    refused: (reason) => metrics.tokensRefused.inc({ reason }),
  });

function sessionsOf(
  { store, clock, config, log }: ServerParts,
  hub: Hub,
  report: (report: CommitReport) => void,
) {
  return new Sessions({
    store,
    clock,
    audit: new AuditLog(store.audit, clock),
    writer: crypto.randomUUID(),
    tailEvents: config.RESUME_EVENTS_MAX,
    publish: (session, told) => hub.publish(session, told),
    report,
    troubled: (what, session, error) => log.error({ session, err: error }, what),
  });
}

function contextOf(parts: ServerParts, sessions: Sessions, hub: Hub, refused: Context["refused"]): Context {
  const { store, passwords, tokens, tickets, logins, browsers, devices, clock, config, log } = parts;
  const troubled: Context["troubled"] = (what, error, where) => log.error({ ...where, err: error }, what);
  return {
    store,
    sessions,
    hub,
    endedLogs: new EndedLogs(store.sessions),
    passwords,
    tokens,
    tickets,
    logins,
    browsers,
    devices,
    clock,
    accounts: accountsOf(config),
    limits: config,
    troubled,
    refused,
  };
}

/** What is done by the clock: the sweep, and the head hashes of running sessions for the audit chain. */
function startChores(sessions: Sessions, config: Config, log: Log): () => void {
  const chore = (what: string, ms: number, work: () => Promise<void>) =>
    setInterval(() => work().catch((error: unknown) => log.error({ err: error }, what)), ms);
  const timers = [
    chore("the records of ended sessions could not be written", SWEEP_MS, () => sessions.finishBehind()),
    chore("the head hashes could not be written", config.AUDIT_EVERY_MS, () => sessions.auditHeads()),
  ];
  return () => timers.forEach(clearInterval);
}

async function stop(
  runtime: Runtime,
  sessions: Sessions,
  hub: Hub,
  store: Store,
  endChores: () => void,
): Promise<void> {
  endChores();
  await runtime.drain(async () => {
    await sessions.idle();
    hub.flush();
    // Everyone leaves at once now, and nobody is told of everyone else.
    hub.rooms.closeAll();
  });
  await store.close();
}
