import { readConfig } from "../../src/config.ts";
import { type BrowserLimits, createBrowserSessions } from "../../src/identity/browser-sessions.ts";
import { createDevices } from "../../src/identity/devices.ts";
import { memoryWindows } from "../../src/identity/failure-windows.ts";
import { createLoginThrottle, type LoginLimits } from "../../src/identity/login-throttle.ts";
import { createCodes, createTickets } from "../../src/identity/tickets.ts";
import { newBrowserId } from "../../src/ids.ts";
import { Trail } from "../../src/log/trail.ts";
import { type Clock, systemClock } from "../../src/ports/clock.ts";
import type { Store } from "../../src/ports/store.ts";

interface Setup {
  readonly store: Store;
  readonly clock?: Clock;
  readonly limits?: Partial<LoginLimits & BrowserLimits>;
}

const secret = "the secret of devices in tests";

/** The ways in that a server needs beside passwords and tokens, as main.ts wires them. */
export function accessOf({ store, clock = systemClock, limits }: Setup) {
  const config = { ...readConfig({}), ...limits };
  const windows = memoryWindows(config.LOGIN_FAILURES_COUNTED_MAX, clock);
  return {
    tickets: createTickets({ store: store.tickets, lifetimeMs: config.TICKET_LIFETIME_MS, clock }),
    logins: createLoginThrottle({ windows, clock, limits: config }),
    browsers: createBrowserSessions({ store: store.browsers, clock, newId: newBrowserId, limits: config }),
    devices: createDevices({ secret, clock }),
    codes: createCodes({ store: store.tickets, clock, limits: config }),
    fillDemo: async () => undefined,
    trail: new Trail({
      store: store.trail,
      clock,
      troubled: () => undefined,
      failuresMax: config.AUDIT_FAILURES_MAX,
    }),
  };
}
