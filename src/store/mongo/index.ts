import type { Clock } from "../../ports/clock.ts";
import type { Store } from "../../ports/store.ts";
import { countOthers, mongoAttendance } from "./attendance.ts";
import { mongoAudit } from "./audit.ts";
import { mongoBrowsers } from "./browsers.ts";
import { mongoChat } from "./chat.ts";
import { mongoClasses, mongoRooms } from "./classes.ts";
import { databaseClock } from "./clock.ts";
import { connectMongo, type Mongo, type MongoOptions } from "./connect.ts";
import { mongoDoors } from "./doors.ts";
import { addressError, openError, withoutSecrets } from "./errors.ts";
import { makeIndexes } from "./indexes.ts";
import { mongoNodes } from "./nodes.ts";
import { mongoOrigin } from "./origin.ts";
import { mongoRecords } from "./records.ts";
import { mongoSessions } from "./sessions.ts";
import { pairsOfEmails } from "./survey.ts";
import { filledFields, findTheirs, lookAt, type Theirs } from "./theirs.ts";
import { mongoTickets } from "./tickets.ts";
import { mongoTrail } from "./trail.ts";
import { mongoUsers } from "./users.ts";

export interface MongoStore extends Store {
  /** The database's clock, by which every node goes. */
  readonly clock: Clock;
  /** Whether another program that lets people in by bcrypt shares the database. */
  readonly bcrypt: boolean;
  /** Names the database to an operator, without secrets. */
  readonly name: string;
  /** The ids of users with one email, whom another program let in, the one who logs in by it first. */
  emailPairs(): Promise<readonly (readonly string[])[]>;
  /** How many statuses on record another program wrote, of which no log of ours knows. */
  othersAttendance(): Promise<number>;
}

/** Opens the database and makes the indexes. Throws StartError with a sentence for the operator. */
export const openMongoStore = (options: MongoOptions): Promise<MongoStore> =>
  opening(options, async (mongo) => {
    const theirs = await findTheirs(mongo);
    await indexed(options);
    return storeOf(mongo, theirs, options);
  });

/** Makes the database ready to be served, with what another program left in it by now. Throws StartError. */
export async function adoptLegacy(options: MongoOptions): Promise<void> {
  await opening(options, async (mongo) => {
    await findTheirs(mongo, true);
    await indexed(options);
    await mongo.client.close();
  });
}

/** Opens the database as it is, to read beside those who serve it. Throws StartError with a sentence. */
export const openMongoReader = (options: MongoOptions): Promise<MongoStore> =>
  opening(options, async (mongo) => storeOf(mongo, await lookAt(mongo), options));

/** Connects and hands the connection to `use`; whatever throws closes it. */
async function opening<T>(options: MongoOptions, use: (mongo: Mongo) => Promise<T>): Promise<T> {
  const mongo = connected(options);
  try {
    // By itself, or of several questions at once some would say that the connection was closed, and not why.
    await mongo.client.connect();
    return await use(mongo);
  } catch (error) {
    await mongo.client.close();
    throw openError(error, options.uri);
  }
}

function connected(options: MongoOptions): Mongo {
  try {
    return connectMongo(options);
  } catch (error) {
    throw addressError(error, options.uri);
  }
}

/** How long the indexes of a large database may take to be made, in ms. */
const INDEXES_MS = 3_600_000;

/** By a connection of its own, which waits longer than any operation that a user waits for. */
async function indexed(options: MongoOptions): Promise<void> {
  const patient = connectMongo({ ...options, timeoutMs: INDEXES_MS, connectionsMax: 4 });
  try {
    await makeIndexes(patient);
  } finally {
    await patient.client.close();
  }
}

async function storeOf(mongo: Mongo, theirs: Theirs, { uri }: MongoOptions): Promise<MongoStore> {
  const filled = { users: await filledFields(mongo.users), classes: await filledFields(mongo.classes) };
  const clock = await databaseClock(mongo);
  const rooms = mongoRooms(mongo);
  return {
    clock,
    bcrypt: theirs.bcrypt,
    name: `${withoutSecrets(uri)} (database ${mongo.db.databaseName})`,
    users: mongoUsers(mongo, theirs, filled),
    classes: mongoClasses(mongo, theirs, filled),
    sessions: mongoSessions(mongo, rooms),
    records: mongoRecords(mongo, rooms, mongoAttendance(mongo, theirs)),
    audit: mongoAudit(mongo),
    trail: mongoTrail(mongo),
    doors: mongoDoors(mongo),
    chat: mongoChat(mongo),
    tickets: mongoTickets(mongo),
    browsers: mongoBrowsers(mongo),
    nodes: mongoNodes(mongo),
    origin: mongoOrigin(mongo),
    othersAttendance: () => countOthers(mongo, theirs),
    emailPairs: () => pairsOfEmails(mongo),
    async probe() {
      await mongo.meta.updateOne({ _id: "probe" }, { $inc: { times: 1 } }, { upsert: true });
    },
    async close() {
      clock.stop();
      await mongo.client.close();
    },
  };
}
