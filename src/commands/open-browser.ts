import type { User } from "../core/people.ts";
import type { BrowserSession } from "../ports/browser-sessions.ts";
import { userAnswer } from "./answers.ts";
import type { Context } from "./context.ts";
import { placeOf, type Visit } from "./visit.ts";

/** AC1, AC3: signs this browser in as the user, always by a new session; the one that it had is over. */
export async function openBrowser({ browsers, devices, trail }: Context, visit: Visit, user: User) {
  const before = await visit.signedIn();
  if (before) await browsers.end(before.actor.id, before.session.id);
  const { session, secret } = await browsers.create(
    { userId: user.id, tokensFrom: user.tokensFrom },
    visit.device,
  );
  const endsAt = browsers.endsAt(session);
  visit.give("browser", secret, endsAt - session.createdAt);
  rememberDevice(devices, visit, user);
  await trail.note({ deed: "signed-in", actor: user.id, subject: user.id, to: "browser" }, placeOf(visit));
  return signedInAnswer({ user, session, csrfToken: browsers.csrfToken(secret), endsAt });
}

/** TH2: who has signed in here once is not held up by what others try elsewhere. */
function rememberDevice(devices: Context["devices"], visit: Visit, { id }: User): void {
  const known = visit.cookie("device");
  if (known !== null && devices.idOf(known, id) !== null) return;
  visit.give("device", devices.remember(id), devices.lifetimeMs);
}

interface Shown {
  readonly user: User;
  readonly session: BrowserSession;
  readonly csrfToken: string;
  readonly endsAt: number;
}

/** What a browser is told of its own session. */
export const signedInAnswer = ({ user, session, csrfToken, endsAt }: Shown) => ({
  user: userAnswer(user),
  session: browserAnswer(session, session.id),
  csrfToken,
  endsAt: new Date(endsAt).toISOString(),
});

/** A signed-in browser as its owner's list shows it. */
export const browserAnswer = (
  { id, device, createdAt, usedAt }: BrowserSession,
  current: BrowserSession["id"] | null,
) => ({
  _id: id,
  device,
  createdAt: new Date(createdAt).toISOString(),
  usedAt: new Date(usedAt).toISOString(),
  current: id === current,
});
