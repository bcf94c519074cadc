/** The least that is waited, and the most: with it, and the time that connecting takes, a call is back within ten seconds. */
const WAIT_MS = { least: 500, most: 4000 };

/** How long to wait for LiveKit after so many tries in a row that failed, in ms; `random` from 0 to 1, so that not everyone comes at once. */
export const retryWait = (failures: number, random: number): number =>
  Math.min(WAIT_MS.most, WAIT_MS.least * 2 ** failures) * (0.5 + random / 2);
