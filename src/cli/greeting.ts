import { resolve } from "node:path";
import type { Config } from "../config.ts";

interface Started {
  readonly config: Config;
  readonly port: number;
  readonly folder: string;
  /** What the demo has to say, where it was filled in. */
  readonly demo: string | null;
}

/** Says in plain words where the server is, where its data is, and what to do first. Gives the server's URL. */
export function greet({ config, port, folder, demo }: Started): string {
  const anywhere = config.HOST === "0.0.0.0" || config.HOST === "::";
  const url = `http://${anywhere ? "localhost" : config.HOST}:${port}`;
  const first =
    demo ?? `First: open ${url}, create an account as a teacher, make a class and start a session.`;
  console.log(
    [
      `Rollcall is ready: ${url}`,
      `Your data is in:   ${resolve(folder)} (back it up with: npm run rollcall -- backup FILE)`,
      first,
      "Stop it with Ctrl-C; nothing that was saved is lost.",
    ].join("\n"),
  );
  return url;
}
