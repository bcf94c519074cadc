import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Client } from "../../client/index.ts";
import css from "./start-session.module.css";
import { useReason } from "./words.ts";

interface StartSessionProps {
  readonly client: Client;
  readonly classId: string;
}

/** The teacher's button that starts a session, and why it did not where it did not. */
export function StartSession({ client, classId }: StartSessionProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [isStarting, setStarting] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const start = async () => {
    setStarting(true);
    setRefused(null);
    const outcome = await client.start(classId).outcome;
    setStarting(false);
    if (!outcome.ok) setRefused(outcome.code);
  };
  return (
    <div className={css.start}>
      <Button onClick={() => void start()} loading={isStarting}>
        {t("roll.start")}
      </Button>
      <p role="alert" className={css.refused}>
        {refused !== null &&
          (PASSING.has(refused)
            ? t("roll.notStartedNow")
            : t("roll.notStarted", { reason: reason(refused) }))}
      </p>
    </div>
  );
}

/** After these the next try may go well. */
const PASSING: ReadonlySet<string> = new Set(["could-not-save", "internal", "too-fast"]);
