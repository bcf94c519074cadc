import { type MongoClient, ObjectId, ReadConcern, Timestamp } from "mongodb";
import { z } from "zod";

/** What the member of a set that takes writes says of itself: by which election, and what it has written last. */
const primarySchema = z.object({
  isWritablePrimary: z.literal(true),
  electionId: z.instanceof(ObjectId),
  lastWrite: z.object({ opTime: z.object({ ts: z.instanceof(Timestamp) }) }),
});

/**
 * What a majority has, and all of it. A primary that was elected a moment ago has everything that was acknowledged, but
 * not yet the others' word for what of it is on a majority: until its own first write is, it answers a read at majority
 * with an older state, and after a restart of most members that may be seconds old (docs/decisions/mongodb.md). So it is
 * asked for a state no older than what it had written last when it was first heard of, and answers once that is on a
 * majority.
 */
export class SinceElection extends ReadConcern {
  /** Goes to the server as it is: https://www.mongodb.com/docs/manual/reference/read-concern/#afterclustertime */
  declare afterClusterTime?: Timestamp;
  /** The last election that this client has heard of; ids of later ones are greater. */
  #election = "";

  constructor() {
    super("majority");
  }

  /** Keeps up with the elections that this client hears of; it hears before it sends the new primary anything. */
  follow(client: MongoClient): void {
    client.on("serverHeartbeatSucceeded", ({ reply }) => {
      const { data } = primarySchema.safeParse(reply);
      const election = data?.electionId.toHexString() ?? "";
      if (!data || election <= this.#election) return;
      this.#election = election;
      this.afterClusterTime = data.lastWrite.opTime.ts;
    });
  }
}
