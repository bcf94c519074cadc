import type { Config } from "../config.ts";

interface Started {
  readonly config: Config;
  readonly port: number;
  /** Where everything is kept, and how it is backed up. */
  readonly data: string;
  /** What the demo has to say, where it was filled in. */
  readonly demo: string | null;
  readonly signup: "open" | "invite" | "closed";
  /** The code that makes the first admin, where there is none. */
  readonly setUp: string | null;
}

const SIGNUP = {
  open: "Teachers:          anyone may sign up as one; with the first admin it takes an invitation (TEACHER_SIGNUP)",
  invite: "Teachers:          they sign up by an invitation of an admin (TEACHER_SIGNUP)",
  closed: "Teachers:          nobody signs up as one (TEACHER_SIGNUP)",
} as const;

const SIGNUP_STAYS_OPEN = "Teachers:          anyone may sign up as one (TEACHER_SIGNUP)";

/** Says in plain words where the server is, where its data is, and what to do first. Gives the server's URL. */
export function greet({ config, port, data, demo, signup, setUp }: Started): string {
  const anywhere = config.HOST === "0.0.0.0" || config.HOST === "::";
  const url = `http://${anywhere ? "localhost" : config.HOST}:${port}`;
  const entry = signup === "open" ? "create an account as a teacher" : "sign in";
  const first = demo ?? `First: open ${url}, ${entry}, make a class and start a session.`;
  console.log(
    [
      `Rollcall is ready: ${url}`,
      `Your data is in:   ${data}`,
      config.TEACHER_SIGNUP === "open" ? SIGNUP_STAYS_OPEN : SIGNUP[signup],
      ...(setUp === null ? [] : [`First admin:       open ${url}/set-up with the code ${setUp}`]),
      first,
      "Stop it with Ctrl-C; nothing that was saved is lost.",
    ].join("\n"),
  );
  return url;
}
