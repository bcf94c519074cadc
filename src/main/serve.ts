import { firstAdmin, setUpCode } from "../cli/admin.ts";
import { fillDemo, refuseUsers } from "../cli/demo.ts";
import { greet } from "../cli/greeting.ts";
import { endOnSignals } from "../cli/signals.ts";
import { teacherSignup } from "../commands/teacher-signup.ts";
import { livekitOf } from "../config/livekit.ts";
import { type Config, readConfig } from "../config.ts";
import { createBrowserSessions } from "../identity/browser-sessions.ts";
import { createDevices } from "../identity/devices.ts";
import { createLoginThrottle } from "../identity/login-throttle.ts";
import { createPasswords } from "../identity/passwords.ts";
import { loadSecret } from "../identity/secret.ts";
import { createCodes, createTickets } from "../identity/tickets.ts";
import { newBrowserId } from "../ids.ts";
import { refuseHalf } from "../move/index.ts";
import { createLog, type Log } from "../observe/log.ts";
import type { Calls } from "../ports/calls.ts";
import type { Clock } from "../ports/clock.ts";
import { serve } from "../runtime/bun.ts";
import { watchParent } from "../runtime/parent.ts";
import { startServer } from "../server.ts";
import { type Database, openDatabase } from "./database.ts";
import { membershipOf, windowsOf } from "./membership.ts";
import { tokensOf } from "./tokens.ts";

/** Our passwords, as the settings bound them and the database's other users need them. */
export const passwordsOf = (config: Config, { bcrypt }: Pick<Database, "bcrypt">) =>
  createPasswords(
    { atOnce: config.PASSWORD_HASHES_AT_ONCE, waiting: config.PASSWORD_HASHES_WAITING_MAX },
    bcrypt,
  );

/** Serves until a signal ends it. Throws StartError with one sentence where it cannot. */
export async function runServer(withDemo: boolean): Promise<void> {
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  const { store, clock } = database;
  await refuseHalf(store);
  const passwords = passwordsOf(config, database);
  const log = await createLog(config.LOG_LEVEL);
  const people = { store, passwords, clock };
  if (withDemo) await refuseUsers(people);
  else await firstAdmin(people, config);
  const secret = loadSecret(config.ROLLCALL_DATA, config.JWT_SECRET);
  const identity = await identityOf(config, database, secret, log);
  const server = await startServer({
    config,
    store,
    passwords,
    ...identity,
    ...(await membershipOf(config, database, secret, log)),
    fillDemo: () => fillDemo(people),
    calls: await callsOf(config, clock),
    clock,
    log,
    listen: serve,
  });
  // Filled once the port is had: a start that fails leaves the database empty for the next.
  const demo = withDemo ? await fillDemo(people) : null;
  if (withDemo) await firstAdmin(people, config);
  const signup = await teacherSignup({ store, limits: config });
  const setUp = await setUpCode(store, identity.codes);
  database.announce(greet({ config, port: server.port, data: database.data, demo, signup, setUp }));
  watchParent(endOnSignals(config.SHUTDOWN_MS, log, server.stop));
}

/** Its packages are loaded where it is set up alone. */
async function callsOf(config: Config, clock: Clock): Promise<Calls | null> {
  const settings = livekitOf(config);
  if (!settings) return null;
  const { livekitCalls } = await import("../video/livekit.ts");
  const { LIVEKIT_PASS_MS: passMs, LIVEKIT_TIMEOUT_MS: timeoutMs } = config;
  return livekitCalls({ ...settings, passMs, timeoutMs, clock });
}

/** What tells people apart: tokens, tickets, browsers, and who guesses passwords. */
async function identityOf(config: Config, database: Database, secret: string, log: Log) {
  const { store, clock } = database;
  const windows = await windowsOf(config, database, log);
  return {
    ...tokensOf(config, secret, clock, log),
    tickets: createTickets({ store: store.tickets, lifetimeMs: config.TICKET_LIFETIME_MS, clock }),
    codes: createCodes({ store: store.tickets, clock, limits: config }),
    logins: createLoginThrottle({ windows, clock, limits: config }),
    browsers: createBrowserSessions({ store: store.browsers, clock, newId: newBrowserId, limits: config }),
    devices: createDevices({ secret, clock }),
  };
}
