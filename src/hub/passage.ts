import type { SessionId } from "../core/ids.ts";
import type { Member } from "./room.ts";

/** Told that a socket of this node came into the room of a session or left it, at that very moment. */
export type Passed = (
  kind: "entered" | "left",
  who: {
    readonly peer: Pick<Member["peer"], "id" | "user">;
    readonly connection: Pick<Member["connection"], "wire" | "dialect">;
  },
  session: SessionId,
) => void;
