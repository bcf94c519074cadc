import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import { type PresenceRule, presenceIn } from "../api/presence.ts";
import { Failure } from "../errors/failure.tsx";
import { useConnection } from "../live/live.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import css from "./bars.module.css";
import type { Desk } from "./desk.ts";
import { Proposals } from "./proposals.tsx";

interface EndByRuleProps {
  readonly its: Class;
  readonly rule: PresenceRule;
  readonly desk: Desk;
  readonly onClose: () => void;
}

type Status = "present" | "absent";

/** Asks once before the session of a class ends whose rule goes by time in the room, and shows what that makes of whom. */
export function EndByRule({ its, rule, desk, onClose }: EndByRuleProps) {
  const { t } = useTranslation();
  useSyncExternalStore(desk.subscribe, desk.version);
  const { state, waiting } = useConnection();
  const { data, error } = useQuery(presenceIn(desk.session));
  const [changed, setChanged] = useState<ReadonlyMap<string, Status>>(new Map());
  const statusOf = desk.statuses();
  const students = data?.students ?? [];
  const proposed = new Map(students.map(({ _id, proposal }) => [`${_id}`, proposal ?? "absent"]));
  const chosen = (student: string): Status => changed.get(student) ?? proposed.get(student) ?? "absent";
  const end = () => {
    desk.end();
    onClose();
  };
  const accept = () => {
    const open = students.map(({ _id }) => `${_id}`).filter((student) => statusOf(student) === null);
    for (const status of ["present", "absent"] as const)
      desk.markThese(
        open.filter((student) => chosen(student) === status),
        status,
      );
    end();
  };
  const isProposed = rule.apply === "propose";
  return (
    <Dialog
      title={t("roll.endTitle", { name: its.className })}
      onClose={onClose}
      actions={
        <>
          <Button variant="default" onClick={onClose}>
            {t("roll.goOn")}
          </Button>
          <Button onClick={isProposed ? accept : end} disabled={isProposed && !data}>
            {t(isProposed ? "rule.accept" : "roll.end")}
          </Button>
        </>
      }
    >
      {state !== "live" && <p className={css.cutNote}>{t("roll.endWaits", { count: waiting + 1 })}</p>}
      <p>
        {t(isProposed ? "rule.proposes" : "rule.sets", {
          measure: t(`rule.${rule.kind}Of`, measureOf(rule)),
        })}
      </p>
      <Failure error={error} />
      {data ? (
        <Proposals
          students={students}
          statusOf={statusOf}
          chosen={chosen}
          choose={
            isProposed ? (student, status) => setChanged(new Map([...changed, [student, status]])) : null
          }
        />
      ) : (
        !error && <RowsSkeleton />
      )}
      {isProposed && (
        <Button variant="subtle" className={css.aside} onClick={end}>
          {t("rule.endWithout")}
        </Button>
      )}
    </Dialog>
  );
}

/** What the words of a rule's measure need. */
const measureOf = (rule: PresenceRule): { readonly count: number } => ({
  count: rule.kind === "share" ? rule.percent : rule.minutes,
});
