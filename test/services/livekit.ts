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

/** Its other ports follow the first, and may be taken. */
const TRIES = 3;

/** A LiveKit on loopback, which tells `webhook` who comes and goes. */
export async function startLiveKit(webhook?: string): Promise<TestLiveKit> {
  const program = programOf("livekit-server");
  const service = await started(() => serviceOf(program, webhook), TRIES);
  const env = {
    LIVEKIT_URL: `ws://${service.address}`,
    LIVEKIT_API_KEY: KEY,
    LIVEKIT_API_SECRET: SECRET,
  };
  return { service, env, remove: () => service.remove() };
}

async function started(make: () => Service, tries: number): Promise<Service> {
  const service = make();
  try {
    await service.start();
    return service;
  } catch (error) {
    await service.remove();
    if (tries === 1) throw error;
    return started(make, tries - 1);
  }
}

const serviceOf = (program: string, webhook: string | undefined) =>
  new Service({
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

/** JSON is YAML. */
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
  // So that it can do the worst to a microphone that is off.
  room: { empty_timeout: 60, departure_timeout: 5, enable_remote_unmute: true },
  ...(webhook && { webhook: { api_key: KEY, urls: [webhook] } }),
});
