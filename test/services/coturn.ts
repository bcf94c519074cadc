import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programOf } from "./program.ts";
import { Service } from "./service.ts";

export interface TestTurn {
  readonly service: Service;
  /** What a server of ours needs to know of it. */
  readonly env: Readonly<Record<"TURN_URLS" | "TURN_SECRET", string>>;
  remove(): Promise<void>;
}

const SHIPPED = join(import.meta.dir, "..", "..", "deploy", "coturn", "turnserver.conf");
const SECRET = "the secret that coturn and the tests share";

/** Tests are on this machine alone. */
const NOT_HERE = /^(syslog|denied-peer-ip=127\..*|tls-listening-port=.*)$/;
const TLS = /^(cert|pkey)=.*$/;

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What we ship, with what its lines under a CHANGE ask for. Throws where it does not ask for it so. */
function shippedConf(changed: Readonly<Record<string, string>>): string[] {
  let conf = readFileSync(SHIPPED, "utf8");
  for (const [name, value] of Object.entries(changed)) {
    const asked = new RegExp(`^(# CHANGE.*\\n(?:cert=.*\\n)?)${name}=.*$`, "m");
    if (!asked.test(conf)) throw new Error(`deploy/coturn does not ask for its ${name} to be changed`);
    conf = conf.replace(asked, `$1${name}=${value}`);
  }
  return conf.split("\n").filter((line) => !NOT_HERE.test(line));
}

/** A coturn on loopback, as deploy/coturn has it, which knows its users by our secret; by TLS too, at the port after, where it has a certificate. */
export async function startTurn(certificate?: Certificate): Promise<TestTurn> {
  const program = programOf("turnserver");
  const service = new Service({
    name: "coturn",
    program,
    args: (port, folder) => {
      const file = (name: string) => join(folder, name);
      const changed = { realm: "school.test", "static-auth-secret": SECRET };
      const files = { cert: file("cert.pem"), pkey: file("key.pem") };
      writeFileSync(files.cert, certificate?.cert ?? "");
      writeFileSync(files.pkey, certificate?.key ?? "");
      const conf = shippedConf({ ...changed, ...files });
      writeFileSync(
        file("turnserver.conf"),
        conf.filter((line) => certificate || !TLS.test(line)).join("\n"),
      );
      return [
        ...["-c", file("turnserver.conf"), "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1"],
        ...["--listening-port", String(port), "--tls-listening-port", String(port + 1)],
        ...["--allow-loopback-peers", ...(certificate ? [] : ["--no-tls", "--no-dtls"])],
        ...["--log-file", "stdout", "--pidfile", file("pid"), "--userdb", file("users")],
      ];
    },
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
