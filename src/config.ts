import { z } from "zod";
import { issuerOf } from "./config/issuer.ts";
import { livekitOf } from "./config/livekit.ts";
import { mongoOf } from "./config/mongo.ts";
import { ROOM_SETTINGS } from "./config/room.ts";
import { count, KIB, ms, type Setting, setting, whole } from "./config/setting.ts";
import { StartError } from "./core/start-error.ts";

/** Every setting there is. Each limit of the product is one of these, with its default. Times are in milliseconds. */
export const SETTINGS = {
  PORT: setting(
    whole(0).max(65_535, "must be at most 65535").default(3000),
    "The TCP port to serve on; 0 takes any free one.",
  ),
  HOST: setting(
    z.string().min(1).default("0.0.0.0"),
    "The address to listen on; 127.0.0.1 keeps it to this machine.",
  ),
  ROLLCALL_DATA: setting(
    z.string().min(1).default("data"),
    "The folder that holds the database, the secret and the lock.",
  ),
  MONGO_URI: setting(
    z.string().min(1).optional(),
    "The MongoDB that keeps everything, mongodb://…; unset: SQLite in the data folder.",
    true,
  ),
  MONGODB_URI: setting(z.string().min(1).optional(), "The same, where MONGO_URI is unset.", true),
  DB_URL: setting(z.string().min(1).optional(), "The same, where those before are unset.", true),
  MONGO_DB_URL: setting(z.string().min(1).optional(), "The same, where those before are unset.", true),
  DB_NAME: setting(z.string().min(1).optional(), "The database there; unset: the one that the URL names."),
  MONGO_TIMEOUT_MS: setting(
    ms(5000, 500),
    "How long MongoDB may take for one thing, its elections included, before it is given up.",
  ),
  MONGO_CONNECTIONS_MAX: setting(count(50), "Connections to each member of the MongoDB."),
  JWT_SECRET: setting(
    z.string().min(1).optional(),
    "Signs the tokens. Unset: made once and kept in the data folder.",
    true,
  ),
  TOKEN_LIFETIME_MS: setting(ms(86_400_000, 1000), "How long a token is valid."),
  TOKEN_BYTES_MAX: setting(count(16 * KIB, 1024), "The longest token that is looked at, in bytes."),
  TOKENS_CACHED_MAX: setting(
    count(20_000, 2),
    "Checked tokens that are remembered, so that their signature is checked once.",
  ),
  AUTH0_DOMAIN: setting(
    z.string().min(1).optional(),
    "Auth0's domain, such as school.eu.auth0.com: its access tokens count as ours do.",
  ),
  AUTH0_AUDIENCE: setting(z.string().min(1).optional(), "The API that Auth0's tokens must be for."),
  AUTH0_NAMESPACE: setting(
    z.string().min(1).optional(),
    "What stands before /role, /name and /email in the claims of Auth0's tokens.",
  ),
  OIDC_ISSUER: setting(
    z.string().min(1).optional(),
    "The URL of another OpenID Connect issuer, whose discovery document is asked; http on this machine alone.",
  ),
  OIDC_AUDIENCE: setting(z.string().min(1).optional(), "The audience that its access tokens must be for."),
  OIDC_ROLE_CLAIM: setting(
    z.string().min(1).optional(),
    "The claim that tells the role, or its path, such as realm_access.roles.",
  ),
  OIDC_ROLE_DEFAULT: setting(
    z.enum(["teacher", "student"]).optional(),
    "The role of those whose token tells none. Unset: they are refused.",
  ),
  OIDC_CLIENT_ID: setting(
    z.string().min(1).optional(),
    "The client by which browsers sign in, Auth0's too. Unset: they sign in by password alone.",
  ),
  OIDC_CLIENT_SECRET: setting(
    z.string().min(1).optional(),
    "The secret of that client, if it has one.",
    true,
  ),
  OIDC_TOLERANCE_MS: setting(ms(60_000, 0), "How far the issuer's clock may be from ours."),
  OIDC_TIMEOUT_MS: setting(ms(5000), "How long the issuer may take to answer."),
  OIDC_KEYS_REFRESH_MS: setting(ms(600_000, 1000), "How often the issuer's keys are fetched anew."),
  OIDC_KEYS_COOLDOWN_MS: setting(
    ms(30_000, 0),
    "How long after one fetch of the keys an unknown key may cause the next.",
  ),
  LOCAL_ACCOUNTS: setting(
    z.enum(["on", "off"]).default("on"),
    "Whether people sign up and log in by a password here, beside the issuer.",
  ),
  LOG_LEVEL: setting(
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    "The least level that is logged.",
  ),
  METRICS_TOKEN: setting(
    z.string().min(1).optional(),
    "Where set, /metrics asks for it as a Bearer token.",
    true,
  ),
  FRAME_BYTES_MAX: setting(
    count(64 * KIB, 1024),
    "The largest frame a socket may send, in bytes; over it 1009.",
  ),
  BODY_BYTES_MAX: setting(count(64 * KIB, 1024), "The largest body of a request, in bytes; over it 413."),
  OUT_BUFFER_BYTES_MAX: setting(
    count(1024 * KIB, 1024),
    "What may wait for a slow reader, in bytes; over it the socket is cut off.",
  ),
  STUDENT_FRAMES_PER_S: setting(count(100), "Frames a second that a student's socket may send."),
  STUDENT_FRAMES_BURST: setting(count(500), "Frames a student's socket may send at once; over it 1008."),
  TEACHER_FRAMES_PER_S: setting(count(20_000), "Frames a second that a teacher's socket may send."),
  TEACHER_FRAMES_BURST: setting(count(20_000), "Frames a teacher's socket may send at once; over it 1008."),
  STUDENT_FRAMES_PER_TURN: setting(
    count(16),
    "Frames of a student's socket that are done before it is the others' turn.",
  ),
  USER_RATE_SOCKETS: setting(
    count(4),
    "All sockets of one user together may send what so many may, also one after the other; over it 1008.",
  ),
  STRANGER_PACKETS_PER_S: setting(
    count(10),
    "Packets a second that a Socket.IO connection may send before anybody has come in by it.",
  ),
  STRANGER_PACKETS_BURST: setting(count(50), "Packets that it may send at once before that; over it 1008."),
  FRAMES_WAITING_MAX: setting(
    count(1024),
    "Frames of one socket that may wait for their turn; over it 1008.",
  ),
  SOCKETS_PER_USER_MAX: setting(
    count(20),
    "Sockets one user may have open; a further one is closed with 1013.",
  ),
  SOCKETS_MAX: setting(count(50_000), "Sockets in all; a further one gets 503."),
  CLASS_SIZE_MAX: setting(count(5000), "Students in one class."),
  HANDSHAKE_MS: setting(ms(10_000), "How long a socket's token may take to be checked."),
  PING_AFTER_MS: setting(ms(15_000), "A socket that was silent this long is pinged."),
  SILENCE_MAX_MS: setting(ms(40_000), "A socket that was silent this long, pings included, is cut off."),
  STUDENT_WINDOW_MS: setting(
    ms(2, 0),
    "How long frames for students gather before they leave together; 0 sends each at once.",
  ),
  PASSWORD_HASHES_AT_ONCE: setting(
    count(2),
    "Password hashes computed at the same time, each on a core and with 19 MiB.",
  ),
  PASSWORD_HASHES_WAITING_MAX: setting(
    count(2000),
    "Sign-ups and logins that may wait for one; over it 503.",
  ),
  LOGIN_FAILURES_FREE: setting(
    count(5),
    "Wrong passwords in a row, for one account from one place, that cost no wait.",
  ),
  LOGIN_WAIT_MS: setting(ms(1000), "The wait after the next wrong one; it doubles with each."),
  LOGIN_WAIT_MAX_MS: setting(ms(900_000), "The longest such wait."),
  LOGIN_FAILURES_KEPT_MS: setting(ms(86_400_000), "How long wrong passwords are remembered."),
  LOGIN_FAILURES_PER_ADDRESS_PER_S: setting(
    count(20),
    "Wrong passwords a second from one address, over all accounts; right ones are not counted.",
  ),
  LOGIN_FAILURES_COUNTED_MAX: setting(
    count(100_000),
    "Accounts and places whose wrong passwords are remembered at the same time.",
  ),
  BROWSER_IDLE_MS: setting(
    ms(604_800_000, 1000),
    "How long a signed-in browser may go unused before its session ends.",
  ),
  BROWSER_LIFETIME_MS: setting(
    ms(2_592_000_000, 1000),
    "How long a browser stays signed in, however much it is used.",
  ),
  BROWSERS_PER_USER_MAX: setting(
    count(50),
    "Browsers in which one user may be signed in; a further one ends the longest unused.",
  ),
  ALLOWED_ORIGINS: setting(
    z.string().min(1).optional(),
    "Origins, separated by commas, whose pages may act by a cookie; the server's own host always may.",
  ),
  PUBLIC_URL: setting(
    z.string().min(1).optional(),
    "Where people reach this server: with https its cookies are Secure and browsers are held to https.",
  ),
  TEACHER_SIGNUP: setting(
    z.enum(["open", "invite", "closed"]).optional(),
    "Who signs up as a teacher: open, invite or closed. Unset: open until there is an admin, then invite.",
  ),
  ROLLCALL_ADMIN_EMAIL: setting(
    z.string().min(1).optional(),
    "With ROLLCALL_ADMIN_PASSWORD: the admin that a start makes where there is none.",
  ),
  ROLLCALL_ADMIN_PASSWORD: setting(
    z.string().min(1).optional(),
    "That admin's first password; change it once signed in.",
    true,
  ),
  RESET_LIFETIME_MS: setting(ms(86_400_000, 1000), "How long a link for a new password is valid."),
  INVITATION_LIFETIME_MS: setting(ms(1_209_600_000, 1000), "How long a teacher's invitation is valid."),
  SETUP_LIFETIME_MS: setting(
    ms(604_800_000, 1000),
    "How long the set-up code is valid that a start without an admin prints.",
  ),
  RETENTION_YEARS: setting(
    z.coerce.number("must be a number").positive("must be more than 0").optional(),
    "Sessions that ended so many years ago are removed whole, and the trail from before. Unset: all is kept.",
  ),
  ROSTER_PRIVACY: setting(
    z.enum(["open", "email-lookup"]).default("open"),
    "Whom teachers find: open, every student; email-lookup, only one whose email they know.",
  ),
  TRUST_PROXY: setting(
    z.string().min(1).optional(),
    "The proxies whose X-Forwarded-For and -Proto count: addresses and networks, separated by commas.",
  ),
  PAGE_SIZE_MAX: setting(count(200), "Entries that one page of a list holds at most, whatever is asked for."),
  PRESENCE_EVERY_MS: setting(
    ms(250, 10),
    "How often a teacher who looks at a class is told who came and went, at most.",
  ),
  RESUME_EVENTS_MAX: setting(
    count(2000, 0),
    "Events of a session kept in memory for those who resume; who is further behind gets a snapshot.",
  ),
  FIRST_FRAME_MS: setting(
    ms(10_000),
    "How long a rollcall.v1 or Socket.IO socket may take to say who it is; then 4408 in rollcall.v1.",
  ),
  TICKET_LIFETIME_MS: setting(ms(30_000, 1000), "How long a ticket for a socket is valid."),
  AUDIT_FAILURES_MAX: setting(
    count(20),
    "Accounts and addresses whose failed sign-ins are written down each by itself, a minute; others are summed.",
  ),
  ...ROOM_SETTINGS,
  AUDIT_EVERY_MS: setting(
    ms(3_600_000, 1000),
    "How often the head hashes of running sessions go into the audit chain.",
  ),
  REDIS_URL: setting(
    z.url({ protocol: /^rediss?$/, error: "must be redis://HOST:PORT or rediss://HOST:PORT" }).optional(),
    "The Redis (7 or newer) by which several servers tell each other the news.",
    true,
  ),
  REDIS_PREFIX: setting(
    z.string().min(1).default("rollcall"),
    "Stands before every channel, so that deployments can share a Redis.",
  ),
  POLL_ONLY: setting(
    z.enum(["on", "off"]).default("off"),
    "on lets several servers run without Redis: each asks the database for news every POLL_EVERY_MS.",
  ),
  POLL_EVERY_MS: setting(
    ms(1000, 50),
    "How often a server asks the database what others did while no news comes by Redis.",
  ),
  BUS_HEARTBEAT_MS: setting(
    ms(250, 50),
    "How often a server tries whether news by Redis reaches it; after three it asks the database instead.",
  ),
  CLASS_KEPT_MS: setting(
    ms(10_000, 100),
    "How long one of several servers keeps a class that has no socket on it any more.",
  ),
  SOCKET_IO_TRANSPORTS: setting(
    z.enum(["all", "websocket"]).default("all"),
    "websocket refuses Socket.IO's polling, which needs sticky sessions where several servers run.",
  ),
  SHUTDOWN_MS: setting(ms(4500, 100), "How long a shutdown may take before the process ends all the same."),
} as const satisfies Record<string, Setting<z.ZodType>>;

export type Config = Readonly<z.output<typeof configSchema>>;

/** Reads and checks every setting; an empty value counts as unset. Throws StartError with one sentence. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const names = Object.keys(SETTINGS);
  const given = Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return sensible(parsed.data);
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")} (${issue.message})`);
  throw new StartError(`Bad setting ${faults.join(", ")}: correct it in the environment or in .env.`);
}

function sensible(config: Config): Config {
  issuerOf(config);
  mongoOf(config);
  if ((config.TURN_URLS === undefined) !== (config.TURN_SECRET === undefined))
    throw new StartError(
      "Bad setting TURN_URLS (it needs TURN_SECRET, and the other way round): correct it in the environment or in .env.",
    );
  livekitOf(config);
  if (config.PING_AFTER_MS < config.SILENCE_MAX_MS) return config;
  throw new StartError(
    "Bad setting PING_AFTER_MS (a socket must be pinged before SILENCE_MAX_MS cuts it off): correct it in the environment or in .env.",
  );
}

const configSchema = z.object(shapeOf(SETTINGS));

function shapeOf<T extends Record<string, Setting<z.ZodType>>>(
  settings: T,
): { [N in keyof T]: T[N]["schema"] } {
  const entries = Object.entries(settings).map(([name, { schema }]) => [name, schema] as const);
  return Object.fromEntries(entries) as { [N in keyof T]: T[N]["schema"] };
}
