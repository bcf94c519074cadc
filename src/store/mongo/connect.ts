import { type Collection, type Db, type Document, MongoClient, type WriteConcernSettings } from "mongodb";
import type {
  AuditDoc,
  BatchDoc,
  BrowserDoc,
  ChatDoc,
  ClaimDoc,
  HeadDoc,
  NodeDoc,
  TicketDoc,
  TrailDoc,
} from "./documents.ts";
import type { Ref } from "./ids.ts";
import { SinceElection } from "./since-election.ts";

export interface MongoOptions {
  readonly uri: string;
  /** The database; null: the one that the URI names. */
  readonly database: string | null;
  /** How long one operation may take, its tries and elections included, in ms. */
  readonly timeoutMs: number;
  readonly connectionsMax: number;
  /** Stands in for the real one in tests, which show that they would notice. */
  readonly durability?: WriteConcernSettings;
}

/** A document of the program that was there before, or of one that is there beside us: nothing in it is believed. */
export type TheirDoc = Document & { readonly _id: Ref };

/** One connected database and its collections: ours begin with `rollcall_`, the others are shared. */
export interface Mongo {
  readonly client: MongoClient;
  readonly db: Db;
  readonly timeoutMs: number;
  readonly heads: Collection<HeadDoc>;
  readonly batches: Collection<BatchDoc>;
  readonly tickets: Collection<TicketDoc>;
  readonly browsers: Collection<BrowserDoc>;
  readonly audit: Collection<AuditDoc>;
  readonly trail: Collection<TrailDoc>;
  readonly claims: Collection<ClaimDoc>;
  readonly nodes: Collection<NodeDoc>;
  readonly chat: Collection<ChatDoc>;
  /** One document a subject: the probe's, the origin's, what was found of others' data. */
  readonly meta: Collection<{ readonly _id: string } & Document>;
  readonly users: Collection<TheirDoc>;
  readonly classes: Collection<TheirDoc>;
}

/** Every write is on the disks of a majority before it is answered. */
const DURABLE = { w: "majority", journal: true } as const;
/** How often the members of a set are asked how they are, in ms: so soon a primary that hangs is found. */
const HEARTBEAT_MS = 1000;
/** Parts of the time of one operation that one try of it may take, so that there is time for another. */
const TRY_SHARE = 0.6;

/** Opens a client; it connects by itself when first used. Throws where the URI is none. */
export function connectMongo(options: MongoOptions): Mongo {
  const { uri, database, timeoutMs, connectionsMax, durability = DURABLE } = options;
  const oneTry = Math.ceil(timeoutMs * TRY_SHARE);
  // Nothing is decided on what may be rolled back.
  const majority = new SinceElection();
  const concerns = {
    writeConcern: { ...durability, wtimeoutMS: oneTry },
    readConcern: majority,
    readPreference: "primary",
  } as const;
  const client = new MongoClient(uri, {
    appName: "rollcall",
    ...concerns,
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: oneTry,
    socketTimeoutMS: oneTry,
    connectTimeoutMS: oneTry,
    waitQueueTimeoutMS: oneTry,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    maxPoolSize: connectionsMax,
    ignoreUndefined: true,
  });
  majority.follow(client);
  // Told to the database too: of the client's, readConcernLevel and journal in the URL would go before them.
  return { client, timeoutMs, ...collectionsOf(client.db(database ?? undefined, concerns)) };
}

function collectionsOf(db: Db): Omit<Mongo, "client" | "timeoutMs"> {
  return {
    db,
    heads: db.collection("rollcall_sessions"),
    batches: db.collection("rollcall_batches"),
    tickets: db.collection("rollcall_tickets"),
    browsers: db.collection("rollcall_browsers"),
    audit: db.collection("rollcall_audit"),
    trail: db.collection("rollcall_trail"),
    claims: db.collection("rollcall_claims"),
    nodes: db.collection("rollcall_nodes"),
    chat: db.collection("rollcall_chat"),
    meta: db.collection("rollcall_meta"),
    users: db.collection("users"),
    classes: db.collection("classes"),
  };
}
