import { scryptSync, timingSafeEqual } from "node:crypto";
import { StartError } from "../core/start-error.ts";
import type { NodeRow, NodeStore } from "../ports/nodes.ts";
import { Alive, HOST } from "./alive.ts";

interface Joining {
  readonly store: NodeStore;
  /** What signs the tokens. */
  readonly secret: string;
  /** Whether the operator has set it, so that other nodes can have it too. */
  readonly isSecretSet: boolean;
  readonly hasRedis: boolean;
  /** The operator accepts that nodes hear of each other by asking the store alone. */
  readonly pollOnly: boolean;
  readonly troubled: (what: string, error: unknown) => void;
}

/**
 * Joins those who serve this store already, if any. Throws StartError with a sentence where nodes would not fit
 * together: another secret, or several without a bus.
 */
export async function joinNodes(joining: Joining): Promise<Alive> {
  const { store, secret, hasRedis, troubled } = joining;
  const salt = crypto.randomUUID();
  const node: NodeRow = {
    id: crypto.randomUUID(),
    host: HOST,
    secret: { salt, print: printOf(secret, salt) },
    news: hasRedis ? "redis" : "poll",
  };
  const alive = new Alive({ store, node, troubled });
  await alive.begin();
  const fault = await faultOf(joining, alive);
  if (fault === null) return alive;
  await alive.end();
  throw new StartError(fault);
}

async function faultOf(joining: Joining, alive: Alive): Promise<string | null> {
  const { secret, isSecretSet, hasRedis, pollOnly } = joining;
  const isDeaf = ({ news }: NodeRow) => hasRedis && !pollOnly && news === "poll";
  const fits = (other: NodeRow) => hasSecret(other, secret) && !isDeaf(other);
  if (isSecretSet && (hasRedis || pollOnly) && alive.others.every(fits)) return null;
  const [first, ...more] = await alive.certain();
  if (!first) return null;
  const others = `Another server serves this database already: ${first.host}${more.length > 0 ? ` and ${more.length} more` : ""}`;
  if (!isSecretSet)
    return `${others}. Set JWT_SECRET to the same value on all of them, or each refuses the others' users.`;
  const stranger = [first, ...more].find((other) => !hasSecret(other, secret));
  if (stranger)
    return `${others}. JWT_SECRET is not the one of ${stranger.host}: set it to the same value on all of them.`;
  if (!hasRedis && !pollOnly)
    return `${others}. Set REDIS_URL, by which servers tell each other the news, or POLL_ONLY=on to let them ask the database every second.`;
  const deaf = [first, ...more].find(isDeaf);
  if (deaf)
    return `${others}. ${deaf.host} runs without Redis: set the same REDIS_URL on all of them, and POLL_ONLY=on as well while one after the other gets it.`;
  return null;
}

/** Costly to guess from, for it stands in the database. */
const printOf = (secret: string, salt: string): string => scryptSync(secret, salt, 32).toString("hex");

const hasSecret = ({ secret: { salt, print } }: NodeRow, secret: string): boolean => {
  const [theirs, ours] = [Buffer.from(print), Buffer.from(printOf(secret, salt))];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours);
};
