import type { SocketDialect } from "../hub/connection.ts";

interface Chosen {
  readonly dialect: Pick<SocketDialect, "name" | "prepare">;
  readonly headers: Readonly<Record<string, string>>;
}

/** What our subprotocols begin with: one that we do not know is a version of ours that this server does not speak. */
const OURS = "rollcall.";
const UNKNOWN_VERSION = 4406;

/** The first dialect that the client offers; the one without a subprotocol where it offers none of ours. */
export function chooseDialect(dialects: readonly SocketDialect[], offered: string | null): Chosen {
  const names = (offered ?? "").split(",").map((name) => name.trim());
  for (const name of names) {
    const dialect = dialects.find(({ subprotocol }) => subprotocol !== null && subprotocol === name);
    if (dialect) return { dialect, headers: selecting(name) };
  }
  const version = names.find((name) => name.startsWith(OURS));
  if (version !== undefined) return { dialect: unknownVersion, headers: selecting(version) };
  const plain = dialects.find(({ subprotocol }) => subprotocol === null);
  return { dialect: plain ?? unknownVersion, headers: {} };
}

const selecting = (name: string) => ({ "Sec-WebSocket-Protocol": name });

/** A browser hides why an upgrade was refused, so it is upgraded and told. */
const unknownVersion: Chosen["dialect"] = {
  name: "unknown",
  prepare: async () => (wire) => {
    wire.close(UNKNOWN_VERSION, "this server speaks rollcall.v1");
    return null;
  },
};
