import { join } from "node:path";
import { defineCommand, runMain } from "citty";
import { backup } from "./cli/backup.ts";
import { fillDemo, refuseUsers } from "./cli/demo.ts";
import { doctor } from "./cli/doctor.ts";
import { greet } from "./cli/greeting.ts";
import { migrate } from "./cli/migrate.ts";
import { refuseUnknownOptions } from "./cli/options.ts";
import { sentences } from "./cli/sentences.ts";
import { endOnSignals } from "./cli/signals.ts";
import { reportVerification } from "./cli/verify.ts";
import { type Config, readConfig } from "./config.ts";
import { endpoints } from "./endpoints.ts";
import { createBrowserSessions } from "./identity/browser-sessions.ts";
import { createDevices } from "./identity/devices.ts";
import { memoryWindows } from "./identity/failure-windows.ts";
import { createLoginThrottle } from "./identity/login-throttle.ts";
import { createPasswords } from "./identity/passwords.ts";
import { loadSecret } from "./identity/secret.ts";
import { createTickets } from "./identity/tickets.ts";
import { newBrowserId } from "./ids.ts";
import { tokensOf } from "./main/tokens.ts";
import { refuseHalf } from "./move/index.ts";
import { createLog } from "./observe/log.ts";
import { systemClock as clock } from "./ports/clock.ts";
import { serve } from "./runtime/bun.ts";
import { takeLock } from "./runtime/lock.ts";
import { watchParent } from "./runtime/parent.ts";
import { startServer } from "./server.ts";
import { backupSqlite, openSqliteReader, openSqliteStore } from "./store/sqlite/index.ts";

const databaseOf = ({ ROLLCALL_DATA }: Config): string => join(ROLLCALL_DATA, "rollcall.db");
const passwordsOf = (config: Config) =>
  createPasswords({ atOnce: config.PASSWORD_HASHES_AT_ONCE, waiting: config.PASSWORD_HASHES_WAITING_MAX });

/** A machine that slept too long finds another server on its folder: two must not write there. */
function leaveFolder(): never {
  console.error("Another server has taken the data folder over while this one was suspended: this one ends.");
  process.exit(1);
}

/** The data folder with its lock and its database; the lock is kept until the process ends. */
function openData(config: Config) {
  const folder = config.ROLLCALL_DATA;
  const lock = takeLock(folder, clock.now, leaveFolder);
  // However it ends, a start that failed leaves no lock behind.
  process.once("exit", () => lock.release());
  return { folder, lock, store: openSqliteStore(databaseOf(config)) };
}

async function runServer(withDemo: boolean): Promise<void> {
  const config = readConfig(process.env);
  const { folder, lock, store } = openData(config);
  await refuseHalf(store);
  const passwords = passwordsOf(config);
  const secret = loadSecret(folder, config.JWT_SECRET);
  const log = await createLog(config.LOG_LEVEL);
  const { tokens, issuer } = tokensOf(config, secret, clock, log);
  if (withDemo) await refuseUsers({ store });
  const tickets = createTickets({ store: store.tickets, lifetimeMs: config.TICKET_LIFETIME_MS, clock });
  const windows = memoryWindows(config.LOGIN_FAILURES_COUNTED_MAX, clock);
  const logins = createLoginThrottle({ windows, clock, limits: config });
  const browsers = createBrowserSessions({
    store: store.browsers,
    clock,
    newId: newBrowserId,
    limits: config,
  });
  const devices = createDevices({ secret, clock });
  const server = await startServer({
    config,
    store,
    passwords,
    tokens,
    tickets,
    issuer,
    logins,
    browsers,
    devices,
    clock,
    log,
    listen: serve,
  });
  // Filled once the port is had: a start that fails leaves the database empty for the next.
  const demo = withDemo ? await fillDemo({ store, passwords, clock }) : null;
  lock.announce(greet({ config, port: server.port, folder, demo }));
  watchParent(endOnSignals(config.SHUTDOWN_MS, log, server.stop));
}

const serveCommand = defineCommand({
  meta: { name: "serve", description: "Serve (the default)" },
  args: { demo: { type: "boolean", description: "Fill an empty database with a school to try" } },
  run: ({ args }) => sentences(() => runServer(args.demo ?? false)),
});

const demoCommand = defineCommand({
  meta: { name: "demo", description: "Fill an empty database with a school to try, and end" },
  run: () =>
    sentences(async () => {
      const config = readConfig(process.env);
      const { store } = openData(config);
      console.log(await fillDemo({ store, passwords: passwordsOf(config), clock }));
      await store.close();
    }),
});

const doctorCommand = defineCommand({
  meta: {
    name: "doctor",
    description: "Show every setting and what it does, secrets masked, and what is wrong",
  },
  run: () => sentences(() => doctor(process.env, (config) => openSqliteReader(databaseOf(config)))),
});

const verifyCommand = defineCommand({
  meta: { name: "verify", description: "Walk every session's log and hash chain and say what was found" },
  run: () => sentences(() => reportVerification(openSqliteReader(databaseOf(readConfig(process.env))))),
});

const backupCommand = defineCommand({
  meta: {
    name: "backup",
    description: "Copy the database into a new file, consistent while the server serves",
  },
  args: { file: { type: "positional", description: "The file to make", required: true } },
  run: ({ args }) => sentences(() => backup(databaseOf(readConfig(process.env)), args.file, backupSqlite)),
});

const migrateCommand = defineCommand({
  meta: { name: "migrate", description: "Move everything from one database to another, empty one" },
  args: {
    from: { type: "string", description: "sqlite:PATH", required: true },
    to: { type: "string", description: "sqlite:PATH", required: true },
  },
  run: ({ args: { from, to } }) => sentences(() => migrate({ from, to }, endpoints, clock)),
});

const main = defineCommand({
  meta: { name: "rollcall", description: "Live attendance with a video classroom" },
  default: "serve",
  subCommands: {
    serve: serveCommand,
    demo: demoCommand,
    doctor: doctorCommand,
    verify: verifyCommand,
    backup: backupCommand,
    migrate: migrateCommand,
  },
});

// The data folder holds password hashes and the secret: nobody else reads what is made in it.
process.umask(0o077);
await sentences(() => refuseUnknownOptions(process.argv.slice(2), ["--demo", "--from", "--to"]));
await runMain(main);
