import type { ScenarioOf } from "./scenario.ts";

/** Logins under way. */
export interface Logins {
  /** Ends them; gives how many a second were answered. Throws where one was refused. */
  end(): Promise<number>;
}

/** Logs people in, one after the other, so many at once. */
export function logIn(
  url: string,
  { emails, password, atOnce }: NonNullable<ScenarioOf<"latency">["logins"]>,
): Logins {
  let [next, answered, going] = [0, 0, true];
  const refused: string[] = [];
  const began = performance.now();
  const lane = async () => {
    while (going) {
      const email = emails[next++ % emails.length];
      const answer = await fetch(`${url}/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email, password }),
      });
      const text = await answer.text();
      if (!answer.ok) refused.push(`${answer.status} ${text}`);
      else if (going) answered++;
    }
  };
  const lanes = Array.from({ length: atOnce }, lane);
  return {
    async end() {
      const perSecond = answered / ((performance.now() - began) / 1000);
      going = false;
      await Promise.all(lanes);
      if (refused.length > 0) throw new Error(`${refused.length} logins were refused: ${refused[0]}`);
      return perSecond;
    },
  };
}
