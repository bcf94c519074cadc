import type { Config } from "../config.ts";
import { StartError } from "../core/start-error.ts";

/** Where LiveKit is and by what it knows us. */
export interface LiveKitSettings {
  readonly url: string;
  readonly key: string;
  readonly secret: string;
}

type Given = Pick<Config, "LIVEKIT_URL" | "LIVEKIT_API_KEY" | "LIVEKIT_API_SECRET">;

/** The settings of LiveKit, null where none is set. Throws StartError where some are. */
export function livekitOf(config: Given): LiveKitSettings | null {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = config;
  if (url !== undefined && key !== undefined && secret !== undefined) return { url, key, secret };
  if (url === undefined && key === undefined && secret === undefined) return null;
  throw new StartError(
    "Bad setting LIVEKIT_URL (it needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and they need it): correct it in the environment or in .env.",
  );
}
