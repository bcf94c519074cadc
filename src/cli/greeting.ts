import type { Config } from "../config.ts";

interface Started {
  readonly config: Config;
  readonly port: number;
  /** Where everything is kept, and how it is backed up. */
  readonly data: string;
  /** What the demo has to say, where it was filled in. */
  readonly demo: string | null;
}

/** Says in plain words where the server is, where its data is, and what to do first. Gives the server's URL. */
export function greet({ config, port, data, demo }: Started): string {
  const anywhere = config.HOST === "0.0.0.0" || config.HOST === "::";
  const url = `http://${anywhere ? "localhost" : config.HOST}:${port}`;
  const first =
    demo ?? `First: open ${url}, create an account as a teacher, make a class and start a session.`;
  console.log(
    [
      `Rollcall is ready: ${url}`,
      `Your data is in:   ${data}`,
      first,
      "Stop it with Ctrl-C; nothing that was saved is lost.",
    ].join("\n"),
  );
  return url;
}
