import { loginInput, noInput } from "../../protocol/http.ts";
import { ok, type Result, refuse } from "../core/errors.ts";
import { checkPassword, PASSWORD_REFUSALS } from "./check-password.ts";
import { LOGIN_CLOSED } from "./closed-accounts.ts";
import { publicCommand } from "./command.ts";
import { openBrowser, signedInAnswer } from "./open-browser.ts";

/** AC1: signs a browser in with email and password; a page of another origin cannot do that to somebody (AC9). */
export const signIn = publicCommand({
  input: loginInput,
  closed: LOGIN_CLOSED,
  refusals: ["bad-origin", ...PASSWORD_REFUSALS],
  run: async ({ context, input: { email, password }, visit }) => {
    if (!visit.isOwn) return refuse("bad-origin");
    const found = await checkPassword(context, visit, email, password);
    return found.ok ? ok(await openBrowser(context, visit, found.value)) : found;
  },
});

type Answer = ReturnType<typeof signedInAnswer>;

const NOBODY = { user: null, session: null, csrfToken: null, endsAt: null };

/** AC4: who is signed in in this browser, and the token that its changes must carry; nobody is an answer too. */
export const whoIsSignedIn = publicCommand({
  input: noInput,
  run: async ({ context: { store, browsers }, visit }): Promise<Result<Answer | typeof NOBODY>> => {
    const signedIn = visit.isOwn ? await visit.signedIn() : null;
    const user = signedIn && (await store.users.byId(signedIn.actor.id));
    if (!signedIn || !user) return ok(NOBODY);
    const { session, secret } = signedIn;
    const endsAt = browsers.endsAt(session);
    return ok(signedInAnswer({ user, session, csrfToken: browsers.csrfToken(secret), endsAt }));
  },
});
