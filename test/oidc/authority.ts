import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate authority of our own, and what it certified for localhost. */
export interface Authority {
  /** The file with the authority's own certificate: what NODE_EXTRA_CA_CERTS names. */
  readonly file: string;
  readonly tls: { readonly cert: string; readonly key: string };
  remove(): void;
}

/** Makes one by openssl, in a folder of its own. */
export function newAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-authority-"));
  const file = (name: string) => join(folder, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.pem"),
    "-subj",
    "/CN=Tests",
    "-days",
    "2",
  );
  openssl("req", ...key, "-keyout", file("key.pem"), "-out", file("request.pem"), "-subj", "/CN=localhost");
  writeFileSync(file("names"), "subjectAltName=DNS:localhost");
  const by = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial", "-extfile", file("names")];
  openssl("x509", "-req", "-in", file("request.pem"), ...by, "-out", file("cert.pem"), "-days", "2");
  return {
    file: file("ca.pem"),
    tls: { cert: readFileSync(file("cert.pem"), "utf8"), key: readFileSync(file("key.pem"), "utf8") },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function openssl(...args: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args]);
  if (exitCode !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
}
