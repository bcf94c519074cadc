import { useEffect, useSyncExternalStore } from "react";
import type { Client } from "../../client/index.ts";
import type { Presence } from "../api/presence.ts";
import type { ClassroomParts } from "./classroom.ts";
import { Inside } from "./inside.tsx";
import { Lobby } from "./lobby.tsx";
import { Over } from "./over.tsx";
import { RoomProvider, useNewClassroom, useView } from "./use-room.ts";
import type { Phase } from "./view.ts";

/** The class that meets here. */
export interface RoomClass {
  readonly name: string;
  /** The whole roll, where it is known: who of it is not here is told to the teacher. */
  readonly students: readonly { readonly id: string; readonly name: string }[];
  /** Everyone's time in the room of the session, for its teacher. Throws ApiError. */
  readonly times: (session: string, signal: AbortSignal) => Promise<Presence>;
}

export interface Back {
  readonly href: string;
  readonly label: string;
}

interface RoomProps extends ClassroomParts {
  readonly its: RoomClass;
  /** The way back to where one came from, where there is one. */
  readonly back?: Back;
  /** Goes in with whatever devices there are, without the lobby. */
  readonly entersAtOnce?: boolean;
}

/** The video room of a class whose session runs: the lobby, the room, and the way out. */
export function Room({ its, back, entersAtOnce = false, ...parts }: RoomProps) {
  const classroom = useNewClassroom(parts);
  useEffect(() => {
    if (entersAtOnce) void classroom.enter();
  }, [classroom, entersAtOnce]);
  return (
    <RoomProvider value={classroom}>
      <Now {...{ its, parts }} {...(back && { back })} />
    </RoomProvider>
  );
}

interface NowProps extends Pick<RoomProps, "its" | "back"> {
  readonly parts: Pick<ClassroomParts, "client" | "classId">;
}

function Now({ its, back, parts: { client, classId } }: NowProps) {
  const { phase } = useView();
  const isEnded = useEnded(client, classId);
  const way = back && { back };
  if (phase.at === "in") return <Inside its={its} />;
  if (isEnd(phase)) return <Over {...{ its, phase, isEnded }} {...way} />;
  if (isEnded && phase.at === "lobby") return <Over {...{ its, isEnded }} phase={ENDED} {...way} />;
  return <Lobby {...{ its, phase, client }} {...way} />;
}

const ENDED = { at: "over", reason: "sessionEnded" } as const;

/** Whether the last session of the class that was told of is over. */
function useEnded(client: Client, classId: string): boolean {
  return useSyncExternalStore(
    (listener) => client.on("session", listener),
    () => {
      const its = [...client.sessions.values()].filter((one) => one.class === classId);
      return its.length > 0 && its.every(({ endedAt }) => endedAt !== null);
    },
  );
}

const isEnd = (phase: Phase): phase is Extract<Phase, { at: "over" | "refused" }> =>
  phase.at === "over" || phase.at === "refused";
