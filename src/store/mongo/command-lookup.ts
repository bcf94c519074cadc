import type { Document } from "mongodb";
import type { UserId } from "../../core/ids.ts";
import type { CommandPlace } from "../../ports/store.ts";
import type { Mongo } from "./connect.ts";

/** Queries on their way at the same time; what is asked meanwhile goes in the next. */
const AT_ONCE = 2;
/** Ids in one query. */
const IDS_MAX = 500;

interface Asked {
  readonly author: UserId;
  readonly id: string;
  readonly resolve: (places: CommandPlace[]) => void;
  readonly reject: (error: unknown) => void;
}

type Command = Omit<CommandPlace, "sessionId"> & { readonly author: UserId; readonly id: string };

/** Finds command ids in the logs. A class that is marked at once asks for hundreds: they go in one query, not in one each. */
export class CommandLookup {
  #waiting: Asked[] = [];
  #flying = 0;

  constructor(private readonly mongo: Mongo) {}

  /** Where the author's commands of this id are, as of now or later. */
  find(author: UserId, id: string): Promise<CommandPlace[]> {
    const { promise, resolve, reject } = Promise.withResolvers<CommandPlace[]>();
    if (this.#waiting.push({ author, id, resolve, reject }) === 1) queueMicrotask(() => void this.#flush());
    return promise;
  }

  async #flush(): Promise<void> {
    if (this.#flying >= AT_ONCE || this.#waiting.length === 0) return;
    const asked = this.#waiting.slice(0, IDS_MAX);
    this.#waiting = this.#waiting.slice(IDS_MAX);
    this.#flying++;
    if (this.#waiting.length > 0) void this.#flush();
    try {
      const places = await this.#read(asked);
      for (const { author, id, resolve } of asked) resolve(places.get(keyOf(author, id)) ?? []);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
    this.#flying--;
    void this.#flush();
  }

  /** The places of all of them, by author and id. */
  async #read(asked: readonly Asked[]): Promise<Map<string, CommandPlace[]>> {
    const { heads, batches } = this.mongo;
    const authors = Map.groupBy(asked, ({ author }) => author);
    const theirs = (field: string): Document => ({
      $or: [...authors].map(([author, each]) => ({
        [field]: { $elemMatch: { author, id: { $in: each.map(({ id }) => id) } } },
      })),
    });
    const [starts, later] = await Promise.all([
      heads.find(theirs("first.commands"), { projection: { "first.commands": 1 } }).toArray(),
      batches.find(theirs("commands"), { projection: { sessionId: 1, commands: 1 } }).toArray(),
    ]);
    const places = new Map<string, CommandPlace[]>(asked.map(({ author, id }) => [keyOf(author, id), []]));
    const note = (sessionId: CommandPlace["sessionId"], commands: readonly Command[] = []) => {
      for (const { author, id, seq, digest } of commands)
        places.get(keyOf(author, id))?.push({ sessionId, seq, digest });
    };
    for (const { _id, first } of starts) note(_id, first.commands);
    for (const { sessionId, commands } of later) note(sessionId, commands);
    return places;
  }
}

const keyOf = (author: UserId, id: string): string => `${author}\n${id}`;
