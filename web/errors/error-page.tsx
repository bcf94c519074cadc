import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type ErrorKind, errorKind } from "../api/error.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { go, pathOf } from "../router.tsx";
import css from "./errors.module.css";

interface ErrorPageProps {
  readonly error: unknown;
  /** Where trying again may help. */
  readonly again?: () => void;
  /** What else there is to know of it. */
  readonly beside?: ReactNode;
}

/** What may go away by itself. */
const PASSING: ReadonlySet<ErrorKind> = new Set(["offline", "busy", "broken"]);

/** What went wrong, what became of the data, and what to do now. */
export function ErrorPage({ error, again, beside }: ErrorPageProps) {
  const { t } = useTranslation();
  const kind = errorKind(error);
  const icon: IconName = kind === "offline" ? "wifi-off" : "alert-triangle";
  return (
    <Page title={t(`error.${kind}.title`)} narrow>
      <div className={css.page}>
        <span className={css.sign}>
          <Icon name={icon} size={32} />
        </span>
        <p>{t(`error.${kind}.text`)}</p>
        {beside}
        <Group>
          {again && PASSING.has(kind) && <Button onClick={again}>{t("error.again")}</Button>}
          {kind === "app" || kind === "broken" ? (
            <Button variant={again ? "default" : "filled"} onClick={() => location.reload()}>
              {t("error.reload")}
            </Button>
          ) : (
            <Button
              variant={again && PASSING.has(kind) ? "default" : "filled"}
              onClick={() => go(pathOf("home"))}
            >
              {t("error.home")}
            </Button>
          )}
        </Group>
      </div>
    </Page>
  );
}
