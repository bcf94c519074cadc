import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programOf } from "./program.ts";
import { Service } from "./service.ts";

export interface TestLiveKit {
  readonly service: Service;
  /** What a server of ours needs to know of it. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const KEY = "test-key";
const SECRET = "a secret of LiveKit that is long enough to sign by";

/** A LiveKit on loopback, which tells `webhook` who comes and goes. */
export async function startLiveKit(webhook?: string): Promise<TestLiveKit> {
  const program = programOf("livekit-server");
  const service = new Service({
    name: "livekit",
    // It tells all it tells where others tell of errors.
    program: "/bin/sh",
    args: (port, folder) => {
      const file = join(folder, "livekit.yaml");
      writeFileSync(file, JSON.stringify(configOf(port, webhook)));
      return ["-c", 'exec "$0" "$@" 2>&1', program, "--config", file];
    },
    ready: /starting LiveKit server/,
  });
  try {
    await service.start();
  } catch (error) {
    await service.remove();
    throw error;
  }
  const env = {
    LIVEKIT_URL: `ws://${service.address}`,
    LIVEKIT_API_KEY: KEY,
    LIVEKIT_API_SECRET: SECRET,
  };
  return { service, env, remove: () => service.remove() };
}

/** JSON is YAML. Its other ports follow the first. */
const configOf = (port: number, webhook: string | undefined) => ({
  port,
  bind_addresses: ["127.0.0.1"],
  keys: { [KEY]: SECRET },
  rtc: {
    tcp_port: port + 1,
    udp_port: port + 2,
    node_ip: "127.0.0.1",
    enable_loopback_candidate: true,
    use_external_ip: false,
  },
  room: { empty_timeout: 60, departure_timeout: 5 },
  ...(webhook && { webhook: { api_key: KEY, urls: [webhook] } }),
});
