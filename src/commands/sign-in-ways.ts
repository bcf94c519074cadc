import { noInput } from "../../protocol/http.ts";
import { ok } from "../core/errors.ts";
import { publicCommand } from "./command.ts";

/** OI25: how people sign in on this server, for whoever shows them the way. */
export const signInWays = publicCommand({
  input: noInput,
  run: async ({ context: { accounts, outsideSignIn } }) =>
    ok({ password: accounts === "local", elsewhere: outsideSignIn ? "/auth/oidc/start" : null }),
});
