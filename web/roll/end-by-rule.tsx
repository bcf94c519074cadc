import { Button } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../api/classes.ts";
import type { PresenceRule } from "../api/presence.ts";
import { Failure } from "../errors/failure.tsx";
import { useConnection } from "../live/live.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { countOf, RuleSums } from "../parts/rule-sums.tsx";
import { RowsSkeleton } from "../parts/skeletons.tsx";
import css from "./bars.module.css";
import type { Desk } from "./desk.ts";
import { Proposals } from "./proposals.tsx";
import { useChoices, useSaving } from "./use-choices.ts";

interface EndByRuleProps {
  readonly its: Class;
  readonly rule: PresenceRule;
  readonly desk: Desk;
  readonly onClose: () => void;
}

/** Asks once before the session of a class ends whose rule goes by time in the room, and shows what that makes of whom. */
export function EndByRule({ its, rule, desk, onClose }: EndByRuleProps) {
  const { t } = useTranslation();
  useSyncExternalStore(desk.subscribe, desk.version);
  const { state, waiting } = useConnection();
  const { students, measured, error, mark, choose, ...choices } = useChoices(desk);
  const { outcome, save } = useSaving();
  const end = () => {
    desk.end();
    onClose();
  };
  const accept = () => {
    const marking = mark();
    // Without a network all of it waits, the end behind the marks.
    if (state === "live") void save(marking, end);
    else end();
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
          <Button
            onClick={isProposed ? accept : end}
            disabled={isProposed && !students}
            loading={outcome === "saving"}
          >
            {t(isProposed ? "rule.accept" : "roll.end")}
          </Button>
        </>
      }
    >
      {state !== "live" && <p className={css.cutNote}>{t("roll.endWaits", { count: waiting + 1 })}</p>}
      <p>
        {t(isProposed ? "rule.proposes" : "rule.sets", {
          measure: t(`rule.${rule.kind}Of`, { count: countOf(rule) }),
        })}
      </p>
      {measured && <RuleSums measure={rule} {...measured} words="rule.needed" />}
      {isProposed && (
        <Button variant="subtle" className={css.aside} onClick={end}>
          {t("rule.endWithout")}
        </Button>
      )}
      <Failure error={error} />
      {outcome === "refused" && <p role="alert">{t("rule.refused")}</p>}
      {students ? (
        <Proposals students={students} {...choices} choose={isProposed ? choose : null} />
      ) : (
        !error && <RowsSkeleton />
      )}
    </Dialog>
  );
}
