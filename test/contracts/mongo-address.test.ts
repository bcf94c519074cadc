import { expect, test } from "bun:test";
import { ObjectId, Timestamp } from "mongodb";
import { StartError } from "../../src/core/start-error.ts";
import { connectMongo } from "../../src/store/mongo/connect.ts";
import { withoutSecrets } from "../../src/store/mongo/errors.ts";
import { openMongoReader, openMongoStore } from "../../src/store/mongo/index.ts";

const options = (uri: string) => ({ uri, database: null, timeoutMs: 5000, connectionsMax: 1 });

test("MG30 every write waits for a majority's disks and every read is of a majority, whatever the URL says", async () => {
  const weak = ["w=1", "w=0", "journal=false", "j=false", "readConcernLevel=local", "readPreference=nearest"];
  for (const option of weak) {
    const { client, ...mongo } = connectMongo(options(`mongodb://127.0.0.1/school?${option}`));
    const { heads, batches, audit, users, meta } = mongo;
    for (const collection of [heads, batches, audit, users, meta]) {
      const { readConcern, readPreference, writeConcern } = collection;
      const said = [writeConcern?.w, writeConcern?.journal, readConcern?.level, readPreference?.mode];
      expect([option, ...said]).toEqual([option, "majority", true, "majority", "primary"]);
    }
    await client.close();
  }
});

/** What a member says of itself in a heartbeat. */
const hello = (term: number, wrote: number, isWritablePrimary = true) => ({
  reply: {
    isWritablePrimary,
    electionId: new ObjectId(`7fffffff${term.toString(16).padStart(16, "0")}`),
    lastWrite: { opTime: { ts: new Timestamp({ t: wrote, i: 1 }) } },
  },
});

test("MG33 reads go by what the primary of the newest election had written last when it was first heard of", async () => {
  const { client, heads } = connectMongo(options("mongodb://127.0.0.1/school"));
  const other = connectMongo(options("mongodb://127.0.0.1/school"));
  const since = () => Reflect.get(heads.readConcern ?? {}, "afterClusterTime")?.getHighBits();
  const seen = [since()];
  const heard = [hello(2, 100), hello(2, 101), hello(3, 102, false), hello(3, 103), hello(2, 104)];
  for (const one of [...heard, { reply: { isWritablePrimary: true } }]) {
    client.emit("serverHeartbeatSucceeded", { connectionId: "1", duration: 1, awaited: true, ...one });
    seen.push(since());
  }
  expect(seen).toEqual([undefined, 100, 100, 100, 103, 103, 103]);
  expect(other.heads.readConcern).not.toHaveProperty("afterClusterTime");
  await Promise.all([client.close(), other.client.close()]);
});

const said = (uri: string): Promise<string> =>
  openMongoStore(options(uri)).then(
    () => "it was opened",
    (error: unknown) => Bun.inspect(error),
  );

test("MG31 a URL that cannot be read is told in one sentence, without what is secret", async () => {
  const unreadable = [
    "mongodb://ada:se/same@host/school",
    "mongodb://ada:se@same@host/school",
    "mongodb://ada:se%same@host/school",
    "mongodb://a@da:sesame@host/school",
    "mongodb://ada:sesame@host/school?sesame=1&frob",
  ];
  for (const uri of unreadable) {
    const told = await said(uri);
    expect(told).toContain("has no address that can be read");
    expect(told.replace(/option sesame/g, "")).not.toMatch(/ada|same/);
  }
});

test("MG31 one at which nobody answers is told to be that, whoever asks it, also where only its name is wrong", async () => {
  for (const uri of [
    "mongodb://ada:sesame@127.0.0.1:1/school",
    "mongodb+srv://ada:sesame@no.invalid/school",
  ]) {
    for (const open of [openMongoStore, openMongoReader]) {
      const error = await open({ ...options(uri), timeoutMs: 1000 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StartError);
      expect(String(error)).toContain("does not answer, or has no primary");
      expect(String(error)).not.toMatch(/ada|sesame/);
    }
  }
});

test("MG31 of an address neither name, password nor options are shown", () => {
  const shown = [
    "mongodb://ada:sesame@one,two/school?replicaSet=rs&tlsCertificateKeyFilePassword=sesame",
    "mongodb+srv://ada:se/same@one,two/school",
    "mongodb://ada:se@same?@one,two/school",
  ].map((uri) => withoutSecrets(uri).replace("+srv", ""));
  expect(shown).toEqual(Array.from({ length: 3 }, () => "mongodb://one,two/school"));
});
