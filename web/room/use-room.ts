import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { LocalState } from "./call/local-media.ts";
import { Classroom, type ClassroomParts } from "./classroom.ts";
import type { View } from "./view.ts";

const Room = createContext<Classroom | null>(null);

/** Gives the classroom to whatever is below. */
export const RoomProvider = Room.Provider;

/** A classroom for as long as its screen is up. */
export function useNewClassroom(parts: ClassroomParts): Classroom {
  const [classroom] = useState(() => new Classroom(parts));
  useEffect(() => () => classroom.close(), [classroom]);
  return classroom;
}

/** The classroom that one is in. */
export function useClassroom(): Classroom {
  const classroom = useContext(Room);
  if (!classroom) throw new Error("there is no RoomProvider above");
  return classroom;
}

/** The room as it is now. */
export function useView(): View {
  const { view } = useClassroom();
  return useSyncExternalStore(view.subscribe, view.get);
}

/** One's own devices as they are now. */
export function useLocal(): LocalState {
  const { told } = useClassroom().local;
  return useSyncExternalStore(told.subscribe, told.get);
}
