import { StartError } from "../core/start-error.ts";
import { moveStore } from "../move/index.ts";
import type { Source } from "../move/parts.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";

/** A store that something is moved from or to. */
export interface Endpoint<S> {
  /** Names it to an operator, without its secrets. */
  readonly name: string;
  readonly store: S & Pick<Store, "close">;
  /** Throws StartError where a server serves it. */
  refuseServed(): Promise<void>;
  /** What of it cannot be moved, in a sentence; null where everything can. */
  leftBehind(): Promise<string | null>;
}

export interface Endpoints {
  /** Opened for reading alone. */
  source(url: string): Promise<Endpoint<Source>>;
  /** Made where it is missing. */
  target(url: string): Promise<Endpoint<Store>>;
}

/** Moves a store, tells how far it is, and says at the end what both sides hold; exit code 1 where they differ. */
export async function migrate(
  urls: { from: string; to: string },
  open: Endpoints,
  clock: Clock,
): Promise<void> {
  const from = await open.source(urls.from);
  const to = await open.target(urls.to);
  if (from.name === to.name) throw new StartError(`Both are ${from.name}: name another target.`);
  console.log(`Moving ${from.name} to ${to.name}. It may be cut short at any time and run again.`);
  const ends = [from, to];
  for (const end of ends) await end.refuseServed();
  const tell = (line: string) => console.log(line);
  const found = await moveStore({ source: from.store, target: to.store, from: from.name, clock, tell });
  // A server that came meanwhile may have written after what was read.
  for (const end of ends) await end.refuseServed();
  const left = await from.leftBehind();
  for (const end of ends) await end.store.close();
  for (const [kind, count] of Object.entries(found.source))
    console.log(
      `${kind}: ${count} there, ${Object.entries(found.target).find(([name]) => name === kind)?.[1]} here`,
    );
  if (left !== null) console.log(left);
  for (const difference of found.differences) console.log(`WRONG: ${difference}`);
  console.log(found.differences.length === 0 ? WHOLE : BROKEN);
  if (found.differences.length > 0) process.exitCode = 1;
}

const WHOLE = [
  "Everything is here and the same as there; every chain of hashes is whole.",
  "Serve it with the JWT_SECRET of before (where none was set, the file jwt-secret of the old data folder holds it), or everybody logs in again.",
].join("\n");

const BROKEN =
  "The two are not the same: one of them has changed meanwhile or since. Nothing in the old one was touched; begin anew with an empty target.";
