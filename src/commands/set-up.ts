import { setUpInput } from "../../protocol/accounts.ts";
import { noInput } from "../../protocol/http.ts";
import { ok, refuse, refuseFor } from "../core/errors.ts";
import { localUser, type Role } from "../core/people.ts";
import { newUserId } from "../ids.ts";
import { userAnswer } from "./answers.ts";
import { publicCommand } from "./command.ts";
import { hashOfNew, NEW_PASSWORD_REFUSALS } from "./new-password.ts";
import { placeOf } from "./visit.ts";

/** AD2: whether the server still waits for its first admin, and whether it is empty, so that a demo could be put in. */
export const showSetUp = publicCommand({
  input: noInput,
  run: async ({ context: { store } }) =>
    ok({ open: !(await store.users.hasAdmin()), empty: (await store.users.count()) === 0 }),
});

/** AD2: the first admin, by the code that the server printed; with `demo` a school to try as well. */
export const setUp = publicCommand({
  input: setUpInput,
  refusals: [
    "already-set-up",
    "not-empty",
    "email-taken",
    "bad-code",
    "too-many-attempts",
    ...NEW_PASSWORD_REFUSALS,
  ],
  run: async ({ context, input: { code, name, email, password, demo }, visit }) => {
    const { store, codes, logins, clock, fillDemo } = context;
    if (await store.users.hasAdmin()) return refuse("already-set-up");
    if (demo && (await store.users.count()) > 0) return refuse("not-empty");
    if (await store.users.byEmail(email)) return refuse("email-taken");
    const passwordHash = await hashOfNew(context, password);
    if (!passwordHash.ok) return passwordHash;
    const place = { account: `the set-up by ${code}`, address: visit.address, device: null };
    const outcome = await logins.attempt(place, async () =>
      (await codes.setup.redeem(code)) ? "right" : "wrong",
    );
    if (outcome === "wrong") context.trail.failed(null, visit.address);
    if (typeof outcome === "object") return refuseFor("too-many-attempts", outcome.waitS);
    if (outcome !== "right") return refuse(outcome === "busy" ? "busy" : "bad-code");
    if (demo) await fillDemo();
    const role: Role = "admin";
    const createdAt = clock.now();
    const user = localUser({
      id: newUserId(),
      name,
      email,
      role,
      passwordHash: passwordHash.value,
      createdAt,
    });
    if ((await store.users.add(user)) === "taken") return refuse("email-taken");
    const fact = { deed: "admin-made", actor: null, subject: user.id } as const;
    await context.trail.note(fact, placeOf(visit));
    return ok(userAnswer(user));
  },
});
