import { videoTokenInput } from "../../protocol/http.ts";
import { ok, refuse } from "../core/errors.ts";
import { command } from "./command.ts";
import { memberOfClass } from "./policies.ts";

/** RO17: a page that is in the class's room gets a pass for its call on LiveKit, as the peer that it is there. */
export const videoToken = command({
  input: videoTokenInput,
  allow: memberOfClass("not-authorized-for-class"),
  refusals: ["mesh-only", "no-active-session", "peer-not-connected"],
  run: async ({ context, input, subject: cls, actor }) => {
    const { calls, callRounds, hub, neighbours, store } = context;
    if (!calls) return refuse("mesh-only");
    const running = await store.sessions.runningOf(cls.id);
    if (!running) return refuse("no-active-session");
    // Its socket may be on another node.
    await neighbours.hear(cls.id);
    const room = hub.rooms.ofClass(cls.id);
    const peer = room?.find(input.peer)?.peer;
    if (peer?.user !== actor.id) return refuse("peer-not-connected");
    // One page in a call that nobody was told of would move the class over.
    if (!room?.isCall) return refuse("mesh-only");
    // Whoever needs a way in may have lost the one they had.
    callRounds.soon(context, running.id);
    const { url, token, expiresAt } = await calls.pass(
      { session: running.id, classId: cls.id, user: actor.id, peer: peer.id },
      peer.name,
    );
    return ok({ url, token, expiresAt: new Date(expiresAt).toISOString() });
  },
});
