import { signUpInput } from "../../protocol/http.ts";
import type { Config } from "../config.ts";
import { isUserId } from "../core/ids.ts";
import { localUser, type User } from "../core/people.ts";
import { StartError } from "../core/start-error.ts";
import { newUserId } from "../ids.ts";
import { Trail } from "../log/trail.ts";
import type { Clock } from "../ports/clock.ts";
import type { Codes, Passwords } from "../ports/identity.ts";
import type { Store } from "../ports/store.ts";
import type { TrailFact } from "../ports/trail.ts";

interface Parts {
  readonly store: Pick<Store, "users" | "trail">;
  readonly passwords: Passwords;
  readonly clock: Clock;
}

interface Wanted {
  readonly email: string;
  readonly name?: string | undefined;
  /** Null: one is made up. */
  readonly password: string | null;
}

const MADE_UP_BYTES = 15;

/**
 * AD1: makes an admin, or makes one of the user who has the email: with a new password, for nobody has shown at sign-up
 * that an email is theirs. Gives the words on it. Throws StartError where email, name or password cannot be used.
 */
export async function createAdmin(
  parts: Parts,
  { email, name = "Admin", password }: Wanted,
): Promise<string> {
  const { store, passwords, clock } = parts;
  const chosen = password ?? crypto.getRandomValues(Buffer.alloc(MADE_UP_BYTES)).toString("base64url");
  const wanted = { email, name, password: chosen, role: "teacher" };
  const parsed = signUpInput.safeParse(wanted);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`);
    throw new StartError(`No admin can be made with this ${faults.join(", ")}: choose another.`);
  }
  if (passwords.isCommon(chosen))
    throw new StartError("The admin's password is among the 10,000 commonest: choose another.");
  const passwordHash = await passwords.hash(chosen);
  if (passwordHash === null) throw new Error("no place to hash a password");
  const how = password === null ? `with the password ${chosen}` : "with the password that you set";
  const known = await store.users.byEmail(parsed.data.email);
  if (known) {
    await promote(parts, known, passwordHash);
    return `The user is an admin now, their old password counts no more: sign in as ${known.email} ${how}.`;
  }
  const person = { name: parsed.data.name, email: parsed.data.email, role: "admin", passwordHash } as const;
  const admin = localUser({ ...person, id: newUserId(), createdAt: clock.now() });
  if ((await store.users.add(admin)) === "ok") await writeDown(parts, { subject: admin.id });
  return `The admin is made: sign in as ${person.email} ${how}.`;
}

async function promote(parts: Parts, { id, role }: User, passwordHash: string): Promise<void> {
  const { store, clock } = parts;
  await store.users.update(id, { role: "admin", disabled: false, passwordHash, tokensFrom: clock.now() });
  await writeDown(parts, { subject: id, from: role });
}

/** The operator has no account: the deed is the server's. */
function writeDown({ store, clock }: Parts, who: Pick<TrailFact, "subject" | "from">): Promise<void> {
  const trail = new Trail({ store: store.trail, clock, troubled: () => undefined, failuresMax: 0 });
  return trail.record({ deed: "admin-made", actor: null, ...who });
}

/** AD1: the admin of ROLLCALL_ADMIN_EMAIL and ROLLCALL_ADMIN_PASSWORD, where there is no admin yet. */
export async function firstAdmin(parts: Parts, config: Config): Promise<void> {
  const { ROLLCALL_ADMIN_EMAIL: email, ROLLCALL_ADMIN_PASSWORD: password } = config;
  if (email === undefined && password === undefined) return;
  if (email === undefined || password === undefined) {
    throw new StartError("Set both ROLLCALL_ADMIN_EMAIL and ROLLCALL_ADMIN_PASSWORD, or neither.");
  }
  if (!(await parts.store.users.hasAdmin())) await createAdmin(parts, { email, password });
}

/** AD2: a code for the first admin, where there is none yet; whoever sees what the server prints may use it. */
export async function setUpCode({ users }: Pick<Store, "users">, codes: Codes): Promise<string | null> {
  if ((await users.hasAdmin()) || !isUserId(NOBODY)) return null;
  return (await codes.setup.issue({ userId: NOBODY, tokensFrom: 0 })).ticket;
}

/** Whom the code is for is not known before it is used. */
const NOBODY = "set-up";
