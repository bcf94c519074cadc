/** How a step is measured: so many marks in a turn, for so long. */
export interface Loop {
  readonly batch: number;
  readonly ms: number;
}

/** CPU time of this process for each mark, in ns, once warmed up as long; `turn` does as many marks as the loop has in a turn. */
export function cpuNs({ batch, ms }: Loop, turn: () => void): number {
  until(ms, turn);
  const before = process.cpuUsage();
  const turns = until(ms, turn);
  return nsSince(before) / (turns * batch);
}

/** The same where a turn ends later. */
export async function cpuNsAsync({ batch, ms }: Loop, turn: () => Promise<unknown>): Promise<number> {
  await untilAsync(ms, turn);
  const before = process.cpuUsage();
  const turns = await untilAsync(ms, turn);
  return nsSince(before) / (turns * batch);
}

function until(ms: number, turn: () => void): number {
  let turns = 0;
  for (const end = performance.now() + ms; performance.now() < end; turns++) turn();
  return turns;
}

async function untilAsync(ms: number, turn: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  for (const end = performance.now() + ms; performance.now() < end; turns++) await turn();
  return turns;
}

function nsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}
