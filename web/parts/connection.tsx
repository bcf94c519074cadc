import { useTranslation } from "react-i18next";
import { type ConnectionShown, useConnection } from "../live/live.tsx";
import css from "./connection.module.css";

/** The one dot for the connection, with words beside it. */
export function Connection() {
  const shown = useConnection();
  const words = useWords(shown);
  return (
    <p className={css.connection} data-state={shown.state} role="status">
      <span className={css.dot} aria-hidden="true" />
      <span>{words}</span>
    </p>
  );
}

function useWords({ state, waiting }: ConnectionShown): string {
  const { t } = useTranslation();
  if (state === "live") return waiting > 0 ? t("live.sending", { count: waiting }) : t("live.live");
  if (waiting > 0) return t("live.waiting", { count: waiting });
  return t(`live.${state}`);
}
