import { browserInput } from "../../protocol/accounts.ts";
import { noInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import type { Actor } from "../core/people.ts";
import { command } from "./command.ts";
import { endAccess, endBrowser } from "./end-access.ts";
import { browserAnswer } from "./open-browser.ts";
import { usersWho } from "./policies.ts";
import { placeOf } from "./visit.ts";

const signedOut = ({ id }: Actor) => ({ deed: "signed-out", actor: id, subject: id }) as const;

const anyUser = usersWho("teacher", "student", "admin");

/** AC4: the browsers in which the user is signed in, the last used first. */
export const listBrowsers = command({
  input: noInput,
  allow: anyUser,
  run: async ({ context, actor }) =>
    ok((await context.browsers.list(actor.id)).map((session) => browserAnswer(session, actor.browser))),
});

/** AC6: ends one of the user's browser sessions; another user's is none. */
export const signOutBrowser = command({
  input: browserInput,
  allow: anyUser,
  refusals: ["not-found"],
  run: async ({ context, actor, input: { browserId }, visit }) => {
    if (!(await endBrowser(context, actor.id, browserId))) return refuse("not-found");
    await context.trail.note({ ...signedOut(actor), to: "browser" }, placeOf(visit));
    if (browserId === actor.browser) visit.give("browser", null);
    return ok({ ended: 1 });
  },
});

/** AC6: signs this browser out. Who came with a token is signed in nowhere. */
export const signOut = command({
  input: noInput,
  allow: anyUser,
  run: async ({ context, actor, visit }) => {
    if (actor.browser === null) return ok({ ended: 0 });
    visit.give("browser", null);
    const ended = await endBrowser(context, actor.id, actor.browser);
    await context.trail.note({ ...signedOut(actor), to: "browser" }, placeOf(visit));
    return ok({ ended: ended ? 1 : 0 });
  },
});

/** AC5: ends all of the user's browser sessions, tokens and sockets, this browser's too. */
export const signOutEverywhere = command({
  input: noInput,
  allow: anyUser,
  run: async ({ context, actor, visit }) => {
    const browsers = await context.browsers.list(actor.id);
    await endAccess(context, actor.id, {});
    await context.trail.note({ ...signedOut(actor), to: "everywhere" }, placeOf(visit));
    visit.give("browser", null);
    return ok({ ended: browsers.length });
  },
});
