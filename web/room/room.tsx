import type { ReactNode } from "react";
import type { ClassroomParts, Phase } from "./classroom.ts";
import { Inside } from "./inside.tsx";
import { Lobby } from "./lobby.tsx";
import { Over } from "./over.tsx";
import { RoomProvider, useNewClassroom, useView } from "./use-room.ts";

/** The class that meets here. */
export interface RoomClass {
  readonly name: string;
  /** The whole roll, where it is known: who of it is not here is told to the teacher. */
  readonly students: readonly { readonly id: string; readonly name: string }[];
}

interface RoomProps extends ClassroomParts {
  readonly its: RoomClass;
  /** The way back to where one came from. */
  readonly way: ReactNode;
}

/** The video room of a class whose session runs: the lobby, the room, and the way out. */
export function Room({ its, way, ...parts }: RoomProps) {
  const classroom = useNewClassroom(parts);
  return (
    <RoomProvider value={classroom}>
      <Now its={its} way={way} />
    </RoomProvider>
  );
}

function Now({ its, way }: Pick<RoomProps, "its" | "way">) {
  const { phase } = useView();
  if (phase.at === "in") return <Inside its={its} />;
  if (isEnd(phase)) return <Over its={its} phase={phase} way={way} />;
  return <Lobby its={its} phase={phase} way={way} />;
}

const isEnd = (phase: Phase): phase is Extract<Phase, { at: "over" | "refused" }> =>
  phase.at === "over" || phase.at === "refused";
