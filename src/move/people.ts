import type { Class, User } from "../core/people.ts";
import { StartError } from "../core/start-error.ts";
import { type Move, pagesOfClasses, pagesOfUsers } from "./parts.ts";

/** Moves every user as it is: ids, password hashes of whatever kind, issuers. Those that are there stay. */
export async function moveUsers({ source, target, tell }: Move): Promise<void> {
  let done = 0;
  for await (const page of pagesOfUsers(source)) {
    const there = new Set((await target.users.byIds(page.map(({ id }) => id))).map(({ id }) => id));
    const missing = page.filter(({ id }) => !there.has(id));
    const outcomes = await Promise.all(missing.map((user) => target.users.add(user)));
    const refused = missing[outcomes.indexOf("taken")];
    if (refused) throw new StartError(takenSentence(refused));
    done += page.length;
    tell(`${done} users`);
  }
}

const takenSentence = ({ id, email }: User): string =>
  `The user ${id} cannot be moved, for another one logs in by the same email (${email}): give one of them another email in the old database, then run this again.`;

/** Moves every class with its roll, archived ones too, in the order of their making. Those that are there stay. */
export async function moveClasses({ source, target, tell }: Move): Promise<void> {
  let done = 0;
  for await (const page of pagesOfClasses(source)) {
    for (const one of page) await moveClass(one, target);
    done += page.length;
    tell(`${done} classes`);
  }
}

/** One after the other: their order is that of their making. */
async function moveClass(one: Class, { classes }: Move["target"]): Promise<void> {
  if ((await classes.byId(one.id)) === null) await classes.add(one);
}
