import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { createOutsiders } from "../../src/commands/outsiders.ts";
import { isUserId, type UserId } from "../../src/core/ids.ts";
import { localUser } from "../../src/core/people.ts";
import { createMemoryStore } from "../../src/store/memory/index.ts";
import { NOON } from "../contracts/batches.ts";
import { get } from "../e2e/http.ts";
import { login } from "../e2e/people.ts";
import { startServer } from "../e2e/server.ts";
import { mongooseSchool, PASSWORD } from "../legacy/old-school.ts";
import { startMongo, type TestMongo } from "../services/mongo.ts";
import { dataFolder, migrate, removeFolders } from "./migrating.ts";

setDefaultTimeout(120_000);
let mongo: TestMongo;
beforeAll(async () => {
  mongo = await startMongo();
});
afterAll(async () => {
  removeFolders();
  await mongo.remove();
});

function subjectOf(text: string): UserId {
  if (!isUserId(text)) throw new Error(`not an id: ${text}`);
  return text;
}

const LOCAL = "a".repeat(24);
test.each(["auth0|0123456789", LOCAL])(
  "MI12 %s without issuer and password is taken up by its issuer, unless it is an id of our own",
  async (text) => {
    const { users } = createMemoryStore();
    const subject = subjectOf(text);
    const known = {
      id: subject,
      name: "Mia",
      email: null,
      role: "student",
      passwordHash: null,
      createdAt: NOON,
    } as const;
    await users.add(localUser(known));
    const outsiders = createOutsiders({
      users,
      profiles: null,
      clock: { now: () => NOON },
      ended: async () => undefined,
      trail: { note: async () => undefined },
    });
    const claims = {
      kind: "outside",
      issuer: "https://issuer.test",
      subject,
      role: "student",
      name: "Mia",
      email: null,
    } as const;
    const came = await outsiders(
      { ...claims, issuedAt: NOON, validFrom: 0, validUntil: NOON + 1000 },
      "text",
    );
    if (text === LOCAL) expect(came).toBe("subject-taken");
    else expect(came).toMatchObject({ id: subject, issuer: "https://issuer.test", subject });
    expect(await users.count()).toBe(1);
  },
);

test("MI13 another program's database is moved to SQLite: its people log in, its classes are there, what no log knows is told", async () => {
  const old = await mongooseSchool(mongo);
  const folder = dataFolder();
  const moved = await migrate(mongo.uri.replace("/?", `/${old.name}?`), `sqlite:${folder}`);
  expect(moved).toMatchObject({ code: 0, err: "" });
  expect(moved.out).toContain("LEFT: 1 statuses on record that another program wrote stay where they are");
  const server = await startServer({ ROLLCALL_DATA: folder });
  const token = await login(server, old.teacher.email, PASSWORD);
  expect(await get(server, `/class/${old.classId}`, token)).toMatchObject({
    status: 200,
    body: { data: { className: "Physics", studentIds: old.students.map(({ id }) => id) } },
  });
  await server.dispose();
  await old.close();
});
