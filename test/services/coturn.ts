import { join } from "node:path";
import { programOf } from "./program.ts";
import { Service } from "./service.ts";

export interface TestTurn {
  readonly service: Service;
  /** What a server of ours needs to know of it. */
  readonly env: Readonly<Record<"TURN_URLS" | "TURN_SECRET", string>>;
  remove(): Promise<void>;
}

const SECRET = "the secret that coturn and the tests share";

/** A coturn on loopback, which knows its users by our secret, as deploy/coturn has it. */
export async function startTurn(): Promise<TestTurn> {
  const program = programOf("turnserver");
  const service = new Service({
    name: "coturn",
    program,
    args: (port, folder) => [
      ...["-n", "--listening-ip", "127.0.0.1", "--listening-port", String(port), "--relay-ip", "127.0.0.1"],
      ...["--use-auth-secret", "--static-auth-secret", SECRET, "--realm", "school.test", "--fingerprint"],
      ...["--no-tls", "--no-dtls", "--no-cli", "--allow-loopback-peers"],
      ...["--log-file", "stdout", "--pidfile", join(folder, "pid"), "--userdb", join(folder, "users")],
    ],
    ready: /SQLite DB connection success/,
  });
  try {
    await service.start();
  } catch (error) {
    await service.remove();
    throw error;
  }
  const env = { TURN_URLS: `turn:${service.address}`, TURN_SECRET: SECRET };
  return { service, env, remove: () => service.remove() };
}
