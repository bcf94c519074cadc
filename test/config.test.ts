import { expect, test } from "bun:test";
import { mongoOf } from "../src/config/mongo.ts";
import { readConfig } from "../src/config.ts";

test("O42 without settings every limit has its default", () => {
  expect(readConfig({})).toMatchObject({
    PORT: 3000,
    FRAME_BYTES_MAX: 65_536,
    STUDENT_FRAMES_PER_S: 100,
    STUDENT_FRAMES_BURST: 500,
    TEACHER_FRAMES_PER_S: 20_000,
    FRAMES_WAITING_MAX: 1024,
    SOCKETS_PER_USER_MAX: 20,
    CLASS_SIZE_MAX: 5000,
    OUT_BUFFER_BYTES_MAX: 1_048_576,
    STUDENT_WINDOW_MS: 2,
  });
});

test("O43 an empty setting counts as unset", () => {
  expect(readConfig({ PORT: "", JWT_SECRET: "" })).toMatchObject({ PORT: 3000 });
});

const bad = [
  [{ PORT: "http" }, "PORT"],
  [{ PORT: "70000" }, "PORT"],
  [{ CLASS_SIZE_MAX: "0" }, "CLASS_SIZE_MAX"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
  [{ FRAME_BYTES_MAX: "1.5" }, "FRAME_BYTES_MAX"],
  [{ PING_AFTER_MS: "40000" }, "PING_AFTER_MS"],
] as const;

test.each(bad)("O44 a bad setting %o is named in one sentence", (env, name) => {
  expect(() => readConfig(env)).toThrow(
    new RegExp(`^Bad setting ${name} .*: correct it in the environment or in .env.$`),
  );
});

test("MG2 of the names that a MongoDB's URL goes by the first that is set counts, and DB_NAME names the database", () => {
  const named = (env: Record<string, string>) => mongoOf(readConfig(env));
  const urls = { MONGO_URI: "mongodb://a", MONGODB_URI: "mongodb://b", DB_URL: "mongodb://c" };
  const last = { MONGO_DB_URL: "mongodb+srv://d/school" };
  expect(named({ ...last, ...urls })).toMatchObject({ uri: "mongodb://a", database: null });
  expect(named({ ...last, ...urls, MONGO_URI: "" })).toMatchObject({ uri: "mongodb://b" });
  expect(named({ ...last, DB_URL: urls.DB_URL, DB_NAME: "x" })).toMatchObject({
    uri: "mongodb://c",
    database: "x",
  });
  expect(named(last)).toMatchObject({ uri: "mongodb+srv://d/school" });
  expect(named({ DB_NAME: "x" })).toBeNull();
});

test("MG2 a URL that is no MongoDB's is refused by its name, and is not repeated", () => {
  for (const url of ["postgres://u:geheim@host/db", "mongodb://", "geheim"]) {
    expect(() => readConfig({ DB_URL: url })).toThrow(/^Bad setting DB_URL \(it must begin with mongodb:/);
    expect(() => readConfig({ DB_URL: url })).not.toThrow("geheim");
  }
});
