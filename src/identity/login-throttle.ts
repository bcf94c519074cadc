import { waitAfter } from "../core/throttle.ts";
import type { Clock } from "../ports/clock.ts";
import type { FailureWindows, LoginThrottle, Place, Wait } from "../ports/throttle.ts";
import { Turns } from "./turns.ts";

interface Parts {
  readonly windows: FailureWindows;
  readonly clock: Clock;
  readonly limits: LoginLimits;
}

/** The settings of these names. */
export interface LoginLimits {
  readonly LOGIN_FAILURES_FREE: number;
  readonly LOGIN_WAIT_MS: number;
  readonly LOGIN_WAIT_MAX_MS: number;
  readonly LOGIN_FAILURES_KEPT_MS: number;
  readonly LOGIN_FAILURES_PER_ADDRESS_PER_S: number;
  readonly PASSWORD_HASHES_WAITING_MAX: number;
}

/** So many of one place are computed at the same time: the others wait, and places share the machine evenly. */
const AT_ONCE = 8;
const SECOND_MS = 1000;
/**
 * How long failures of one address are counted together. Not a whole number of seconds: who comes back after the second
 * that we ask for comes at another point of the window, and so gets in, even if others use it up as soon as it opens.
 */
const WINDOW_MS = 1618;

/**
 * TH1–TH4: failures are counted by account and place, so that nobody can lock somebody else out. The place is the
 * remembered device where there is one, else the address.
 */
export function createLoginThrottle(parts: Parts): LoginThrottle {
  const { windows } = parts;
  const turns = new Turns({ atOnce: AT_ONCE, waiting: parts.limits.PASSWORD_HASHES_WAITING_MAX });
  return {
    async attempt(place, check) {
      const key = hashOf(`${place.account}\n${whereOf(place)}`);
      const outcome = await turns.take(whereOf(place), async () => {
        const wait = (await waitOfPlace(parts, key)) ?? (await waitOfAddress(parts, place));
        if (wait) return wait;
        const tried = await check();
        if (tried === "right") await windows.forget(key);
        if (tried === "wrong") await countWrong(parts, key, place);
        return tried;
      });
      return outcome ?? "busy";
    },
  };
}

const whereOf = ({ device, address }: Place): string =>
  device === null ? `address ${address}` : `device ${device}`;

async function waitOfPlace({ windows, clock, limits }: Parts, key: string): Promise<Wait | null> {
  const patience = {
    free: limits.LOGIN_FAILURES_FREE,
    firstMs: limits.LOGIN_WAIT_MS,
    mostMs: limits.LOGIN_WAIT_MAX_MS,
  };
  const ms = waitAfter(await windows.of(key), clock.now(), patience);
  return ms === 0 ? null : { waitS: Math.ceil(ms / SECOND_MS) };
}

async function waitOfAddress(parts: Parts, { device, address }: Place): Promise<Wait | null> {
  if (device !== null) return null;
  const counted = await parts.windows.of(windowOf(parts, address));
  const most = (parts.limits.LOGIN_FAILURES_PER_ADDRESS_PER_S * WINDOW_MS) / SECOND_MS;
  return (counted?.count ?? 0) < most ? null : { waitS: 1 };
}

async function countWrong(parts: Parts, key: string, { device, address }: Place): Promise<void> {
  const now = parts.clock.now();
  await parts.windows.add(key, now, parts.limits.LOGIN_FAILURES_KEPT_MS);
  if (device === null) await parts.windows.add(windowOf(parts, address), now, WINDOW_MS);
}

const windowOf = ({ clock }: Parts, address: string): string =>
  `${address} ${Math.floor(clock.now() / WINDOW_MS)}`;

/** An email is as long as its sender likes, and is nobody's business here. */
const hashOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("base64url");
