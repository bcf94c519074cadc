import { StartError } from "../core/start-error.ts";

/** The settings of these names. */
export interface MongoSettings {
  readonly MONGO_URI?: string | undefined;
  readonly MONGODB_URI?: string | undefined;
  readonly DB_URL?: string | undefined;
  readonly MONGO_DB_URL?: string | undefined;
  readonly DB_NAME?: string | undefined;
  readonly MONGO_TIMEOUT_MS: number;
  readonly MONGO_CONNECTIONS_MAX: number;
}

/** Names that existing deployments use, in the order in which they count. */
const NAMES = ["MONGO_URI", "MONGODB_URI", "DB_URL", "MONGO_DB_URL"] as const;

/** The MongoDB that the settings name; null where they name none. Throws StartError with one sentence. */
export function mongoOf(settings: MongoSettings) {
  const name = NAMES.find((each) => settings[each] !== undefined);
  const uri = name && settings[name];
  if (!uri) return null;
  if (!/^mongodb(\+srv)?:\/\/[^/]/.test(uri))
    throw new StartError(
      `Bad setting ${name} (it must begin with mongodb:// or mongodb+srv:// and a host): correct it in the environment or in .env.`,
    );
  return {
    uri,
    database: settings.DB_NAME ?? null,
    timeoutMs: settings.MONGO_TIMEOUT_MS,
    connectionsMax: settings.MONGO_CONNECTIONS_MAX,
  };
}
