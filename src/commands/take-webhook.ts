import type { Result } from "../core/errors.ts";
import { ok, refuse } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { hangUpAgain, putOut } from "./put-out-of-call.ts";

/** RO18: takes a webhook of the media server; whatever it has not signed is refused. */
export async function takeWebhook(
  context: Context,
  body: string,
  signature: string,
): Promise<Result<void, "mesh-only" | "bad-signature">> {
  const { calls, witness } = context;
  if (!calls) return refuse("mesh-only");
  const news = await calls.heard(body, signature);
  if (news === null) return refuse("bad-signature");
  if (news === "nothing") return ok(undefined);
  witness.told(news.kind, news);
  if (news.kind === "entered") {
    await putOut(context, { id: news.session, classId: news.classId }, [news.user]);
    await hangUpAgain(context, news);
  }
  return ok(undefined);
}
