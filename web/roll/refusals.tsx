import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Command } from "../../client/index.ts";
import { useRefusals } from "../live/live.tsx";
import { Icon } from "../parts/icon.tsx";
import css from "./bars.module.css";
import { useReason } from "./words.ts";

interface RefusalsProps {
  readonly session: string;
  /** The name of somebody on the roll; null where it is not known here. */
  readonly nameOf: (student: string) => string | null;
}

/** What the server has refused of this session, each with its reason, until it is put aside. */
export function Refusals({ session, nameOf }: RefusalsProps) {
  const { t } = useTranslation();
  const reason = useReason();
  const [all, forget] = useRefusals();
  const own = all.filter(({ command }) => "session" in command && command.session === session);
  if (own.length === 0) return null;
  const title = (command: Command) =>
    command.type === "mark"
      ? (nameOf(command.student) ?? t("roll.oneMark"))
      : t(`roll.command.${command.type}`);
  return (
    <section className={css.refusals} aria-label={t("roll.refusedTitle", { count: own.length })} role="alert">
      <Icon name="alert-triangle" />
      <div className={css.grows}>
        <h2>{t("roll.refusedTitle", { count: own.length })}</h2>
        <ul>
          {own.slice(-REFUSALS_SHOWN).map(({ id, command, code }) => (
            <li key={id}>
              {title(command)}: {reason(code)}
            </li>
          ))}
        </ul>
        {own.length > REFUSALS_SHOWN && <p>{t("roll.more", { count: own.length - REFUSALS_SHOWN })}</p>}
      </div>
      <Button variant="default" onClick={forget}>
        {t("roll.dismiss")}
      </Button>
    </section>
  );
}

const REFUSALS_SHOWN = 5;
