import { isBrowserId, isClassId, isRoomId, isSessionId, isUserId } from "./core/ids.ts";

/**
 * A new id of 24 hex digits: 6 bytes of time in milliseconds, so that later ids sort after earlier ones, then a
 * count within the process and 4 random bytes, so that no two are alike.
 */
function newHexId(): string {
  count = (count + 1) % 0x10000;
  const random = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return hex(Date.now(), 12) + hex(count, 4) + hex(random, 8);
}

let count = 0;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

function fresh<T extends string>(guard: (text: string) => text is T): T {
  const id = newHexId();
  if (!guard(id)) throw new Error(`not an id: ${id}`);
  return id;
}

export const newUserId = () => fresh(isUserId);
export const newClassId = () => fresh(isClassId);
export const newSessionId = () => fresh(isSessionId);
export const newBrowserId = () => fresh(isBrowserId);
export const newRoomId = () => fresh(isRoomId);
