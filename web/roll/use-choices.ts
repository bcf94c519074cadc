import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { presenceIn, type StudentPresence } from "../api/presence.ts";
import type { Desk } from "./desk.ts";

type Status = "present" | "absent";

interface Choices {
  /** Undefined while they are asked for. */
  readonly students: readonly StudentPresence[] | undefined;
  /** How long the session has lasted, and what the rule asks for of that, in milliseconds. */
  readonly measured: { readonly sessionMs: number; readonly neededMs: number } | null;
  readonly error: unknown;
  readonly statusOf: (student: string) => Status | null;
  /** What whoever has no mark by hand gets. */
  readonly chosen: (student: string) => Status;
  readonly choose: (student: string, status: Status) => void;
  /** Makes marks of it; each tells whether it was saved. */
  readonly mark: () => Promise<boolean>[];
}

/** Time goes on while the teacher looks at what she accepts. */
const EVERY_MS = 5000;

/** What the class's rule proposes for everyone, and what the teacher makes of that. */
export function useChoices(desk: Desk): Choices {
  const { data, error, refetch } = useQuery({ ...presenceIn(desk.session), refetchInterval: EVERY_MS });
  useAgain(desk.roll(), refetch);
  const [changed, setChanged] = useState<ReadonlyMap<string, Status>>(new Map());
  const proposed = useMemo(
    () => new Map(data?.students.map(({ _id, proposal }) => [`${_id}`, proposal ?? "absent"])),
    [data],
  );
  const statusOf = desk.statuses();
  const chosen = (student: string) => changed.get(student) ?? proposed.get(student) ?? "absent";
  const mark = () => {
    // One who was withdrawn meanwhile would have the marks of all the others refused.
    const roll = new Set(desk.roll());
    const open = [...proposed.keys()].filter((student) => roll.has(student) && statusOf(student) === null);
    return (["present", "absent"] as const).map((status) =>
      desk.markThese(
        open.filter((student) => chosen(student) === status),
        status,
      ),
    );
  };
  const choose = (student: string, status: Status) => setChanged(new Map([...changed, [student, status]]));
  const measured = data?.rule ? { sessionMs: data.sessionMs, neededMs: data.rule.neededMs } : null;
  return { students: data?.students, measured, error, statusOf, chosen, choose, mark };
}

/** Asks again where the roll changes meanwhile. */
function useAgain(roll: readonly string[], refetch: () => unknown): void {
  const before = useRef(roll);
  useEffect(() => {
    if (before.current === roll) return;
    before.current = roll;
    void refetch();
  }, [roll, refetch]);
}

/** Does something once all of it is saved, unless whoever asked is gone meanwhile. */
export function useSaving() {
  const [outcome, setOutcome] = useState<"saving" | "refused" | null>(null);
  const isOpen = useRef(true);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);
  const save = async (saving: readonly Promise<boolean>[], then: () => void) => {
    setOutcome("saving");
    const saved = (await Promise.all(saving)).every(Boolean);
    if (!isOpen.current) return;
    if (saved) then();
    else setOutcome("refused");
  };
  return { outcome, save };
}
