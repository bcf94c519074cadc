import { noInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { command } from "./command.ts";
import { usersWho } from "./policies.ts";

/** T1: a ticket opens one socket, so that no token stands in a URL or in a page's memory longer than needed. */
export const issueTicket = command({
  input: noInput,
  allow: usersWho("teacher", "student", "admin"),
  run: async ({ context, actor }) => {
    const user = await context.store.users.byId(actor.id);
    if (!user) return refuse("unauthorized");
    const holder = { userId: user.id, tokensFrom: user.tokensFrom };
    const { ticket, expiresAt } = await context.tickets.issue(holder);
    return ok({ ticket, expiresAt: new Date(expiresAt).toISOString() });
  },
});
