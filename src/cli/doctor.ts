import { settingsShown } from "../config/shown.ts";
import { type Config, readConfig } from "../config.ts";
import { linesOfPairs } from "./import-legacy.ts";
import { sentenceOf } from "./sentences.ts";

interface Examined {
  readonly users: { count(): Promise<number> };
  readonly sessions: { running(): Promise<readonly unknown[]>; unprojected(): Promise<readonly unknown[]> };
  /** Users with one email, where a store lets them be. */
  emailPairs?(): Promise<readonly (readonly string[])[]>;
  close(): Promise<void>;
}

/** What the doctor looks at beside the settings. */
interface Patients {
  readonly database: (config: Config) => Promise<Examined>;
  /** Why Redis carries no news, in a sentence; null where it does. */
  readonly redisFault: (url: string, prefix: string) => Promise<string | null>;
}

/** Shows every setting, where it comes from and what it does, secrets masked; then looks at the database and Redis. */
export async function doctor(
  env: Readonly<Record<string, string | undefined>>,
  { database, redisFault }: Patients,
): Promise<void> {
  const config = readConfig(env);
  for (const { name, value, about } of settingsShown(config))
    console.log(`${name} = ${value ?? "(unset)"}${env[name] ? "" : "  (default)"}\n    ${about}`);
  if (config.JWT_SECRET !== undefined && config.JWT_SECRET.length < SECRET_LENGTH_MIN) {
    console.log(`\nJWT_SECRET is short: ${SECRET_LENGTH_MIN} random characters or more cannot be guessed.`);
  }
  console.log(`\n${await examine(() => database(config))}`);
  if (config.REDIS_URL === undefined) return;
  const fault = await redisFault(config.REDIS_URL, config.REDIS_PREFIX);
  console.log(fault ?? "Redis carries news.");
  if (fault !== null) process.exitCode = 1;
}

/** RFC 7518, 3.2: a key for HS256 has at least the 256 bits of the hash's output. */
const SECRET_LENGTH_MIN = 32;

async function examine(open: () => Promise<Examined>): Promise<string> {
  try {
    const store = await open();
    const [users, running, behind] = await Promise.all([
      store.users.count(),
      store.sessions.running(),
      store.sessions.unprojected(),
    ]);
    const pairs = (await store.emailPairs?.()) ?? [];
    await store.close();
    const opens = `The database opens: ${users} users, ${running.length} sessions running, ${behind.length} ended sessions whose records will be finished at the next start.`;
    return [opens, ...linesOfPairs(pairs)].join("\n");
  } catch (error) {
    process.exitCode = 1;
    return sentenceOf(error);
  }
}
