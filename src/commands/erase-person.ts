import { userInput } from "../../protocol/accounts.ts";
import { ok, refuse } from "../core/errors.ts";
import { adminAboutUser } from "./admin-users.ts";
import { command } from "./command.ts";
import { endAccess } from "./end-access.ts";
import { followRoll } from "./follow-roll.ts";

/**
 * PV2: what names a person goes: name, email, password, devices, what they said in rooms, and what stands beside
 * the trail. Their id stays where totals and chains need it. They are off every roll; a teacher's classes are
 * another's first.
 */
export const erasePerson = command({
  input: userInput,
  allow: adminAboutUser,
  refusals: ["own-account", "has-classes"],
  run: async ({ context, actor, author, subject: { id } }) => {
    if (id === actor.id) return refuse("own-account");
    const { store, trail } = context;
    if ((await store.classes.ofTeacher(id)).length > 0) return refuse("has-classes");
    for (const cls of await store.classes.ofStudent(id)) {
      await store.classes.removeStudent(cls.id, id);
      const followed = await followRoll(context, cls.id, id, author);
      if (!followed.ok) return followed;
    }
    await endAccess(context, id, { name: null, email: null, passwordHash: null, disabled: true });
    await store.chat.eraseOf(id);
    await store.trail.eraseDetails(id);
    await trail.note({ deed: "erased", actor: actor.id, subject: id });
    return ok({ erased: true as const });
  },
});
