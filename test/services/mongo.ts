import { type Document, MongoClient } from "mongodb";
import { programOf } from "./program.ts";
import { Service } from "./service.ts";

export interface TestMongo {
  /** Names no database. */
  readonly uri: string;
  readonly members: readonly Service[];
  /** The member that takes writes, once there is one. */
  primary(): Promise<Service>;
  /** A connection to one member alone. */
  direct(member: Service): MongoClient;
  remove(): Promise<void>;
}

interface MongoOptions {
  /** 1 or 3 form a replica set of so many; "standalone" is a server of the old kind, without one. */
  readonly members?: 1 | 3 | "standalone";
  /** After how long without its primary a set elects another, in ms. */
  readonly electionMs?: number;
}

const SET = "rs";
/** How long a set may take to have a primary, in ms. */
const PRIMARY_MS = 60_000;
const ASK_AGAIN_MS = 50;

/** Real MongoDB servers, with fail points; a set of three elects a new primary within about two seconds. */
export async function startMongo(options: MongoOptions = {}): Promise<TestMongo> {
  const { members: kind = 1, electionMs = 1500 } = options;
  const program = programOf("mongod");
  const count = kind === "standalone" ? 1 : kind;
  const members = Array.from({ length: count }, () => mongod(program, kind !== "standalone"));
  const remove = async () => void (await Promise.all(members.map((member) => member.remove())));
  try {
    await Promise.all(members.map((member) => member.start()));
    if (kind !== "standalone") await initiate(members, electionMs);
    await primaryOf(members);
  } catch (error) {
    await remove();
    throw error;
  }
  const hosts = members.map((member) => member.address).join(",");
  const uri = `mongodb://${hosts}/${kind === "standalone" ? "" : `?replicaSet=${SET}`}`;
  return { uri, members, primary: () => primaryOf(members), direct, remove };
}

function mongod(program: string, inSet: boolean): Service {
  return new Service({
    name: "mongod",
    program,
    args: (port, folder) => [
      ...["--port", String(port), "--bind_ip", "127.0.0.1", "--dbpath", folder, "--nounixsocket"],
      ...["--wiredTigerCacheSizeGB", "0.25"],
      ...["--setParameter", "enableTestCommands=1"],
      ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
      ...(inSet ? ["--replSet", SET, "--oplogSize", "64"] : []),
    ],
    ready: /"Waiting for connections"/,
  });
}

function direct(member: Service): MongoClient {
  // A busy machine takes seconds for what is done in milliseconds; one that is stopped must not hold up the others.
  const soon = { serverSelectionTimeoutMS: 3000, connectTimeoutMS: 3000, socketTimeoutMS: 15_000 };
  return new MongoClient(`mongodb://${member.address}/?directConnection=true`, soon);
}

async function initiate(members: readonly Service[], electionTimeoutMillis: number): Promise<void> {
  const [first] = members;
  if (!first) throw new Error("a set needs a member");
  await using client = direct(first);
  await client.db("admin").command({
    replSetInitiate: {
      _id: SET,
      members: members.map(({ address: host }, _id) => ({ _id, host })),
      settings: { electionTimeoutMillis, heartbeatIntervalMillis: Math.ceil(electionTimeoutMillis / 3) },
    },
  });
}

async function primaryOf(members: readonly Service[]): Promise<Service> {
  const deadline = Date.now() + PRIMARY_MS;
  while (Date.now() < deadline) {
    const asked = await Promise.all(members.map(askHello));
    const found = members.find((_, index) => asked[index]?.isWritablePrimary === true);
    if (found) return found;
    await Bun.sleep(ASK_AGAIN_MS);
  }
  const told = members.map(async (member) => {
    const hello = JSON.stringify(await askHello(member));
    return `${member.address} says hello: ${hello}, and wrote last:\n${member.said}`;
  });
  throw new Error(`the set elected no primary\n${(await Promise.all(told)).join("\n")}`);
}

/** What a member says of itself, or why it does not. */
async function askHello(member: Service): Promise<Document> {
  const client = direct(member);
  try {
    return await client.db("admin").command({ hello: 1 });
  } catch (error) {
    return { error: String(error) };
  } finally {
    await client.close();
  }
}
