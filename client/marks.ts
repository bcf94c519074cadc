import type { Command, Queued } from "./queue.ts";
import type { SessionState, Status } from "./session.ts";

/** A student's mark as a screen shows it; `status` null is unmarked. */
export type MarkState =
  /** What the server has. */
  | { readonly state: "saved"; readonly status: Status | null }
  /** What it will have, once the command that waits is accepted. */
  | { readonly state: "sending"; readonly status: Status | null }
  /** What the server has, and why it is not what was asked last. */
  | { readonly state: "refused"; readonly status: Status | null; readonly code: string };

/** A command that was refused when the session had come to event `since`. */
export interface Refused {
  readonly command: Command;
  readonly code: string;
  readonly since: number;
}

interface Known {
  readonly state: SessionState | undefined;
  readonly waiting: readonly Queued[];
  readonly refused: readonly Refused[];
}

/** The mark of a student in a session, commands that wait and the last refusal included. */
export function markState({ state, waiting, refused }: Known, session: string, student: string): MarkState {
  const saved = state?.marks.get(student);
  const status = saved?.status ?? null;
  let shown: Status | null | undefined;
  for (const { command } of waiting) {
    const asked = askedFor(command, session, student, state, shown === undefined ? status : shown);
    if (asked !== undefined) shown = asked;
  }
  if (shown !== undefined) return { state: "sending", status: shown };
  const last = refused.findLast(
    ({ command, since }) =>
      since >= (saved?.seq ?? 0) && askedFor(command, session, student, state, status) !== undefined,
  );
  return last ? { state: "refused", status, code: last.code } : { state: "saved", status };
}

/** The status that the command asks for this student, who has `status`; undefined where it is not about them. */
function askedFor(
  command: Command,
  session: string,
  student: string,
  state: SessionState | undefined,
  status: Status | null,
): Status | null | undefined {
  if (command.type === "start" || command.session !== session) return undefined;
  switch (command.type) {
    case "mark":
      return command.student === student ? command.status : undefined;
    case "markMany": {
      const { whom } = command;
      const named = typeof whom === "string" ? state?.roster?.has(student) : whom.includes(student);
      return named && (whom !== "rest" || status === null) ? command.status : undefined;
    }
    case "undo":
      return state?.marks.get(student)?.seq === command.seq ? status : undefined;
    case "end":
      return undefined;
  }
}
