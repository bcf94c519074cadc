import { ActionIcon } from "@mantine/core";
import type { KeyboardEvent, RefObject } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { NameSearch } from "./name-search.tsx";
import { FILTERS, type Filter } from "./pupils.ts";
import css from "./roll.module.css";
import type { Standing } from "./roll.tsx";
import type { View } from "./use-view.ts";

interface ToolsProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly filter: Filter;
  readonly setFilter: (filter: Filter) => void;
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly tiles: RefObject<HTMLDivElement | null>;
  readonly setStanding: (standing: Standing) => void;
}

/** Who is shown, and how. */
export function Tools({ text, setText, filter, setFilter, search, tiles, ...shown }: ToolsProps) {
  const { t } = useTranslation();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") setText("");
    if (event.key !== "Enter" && event.key !== "Escape" && event.key !== "ArrowDown") return;
    event.preventDefault();
    tiles.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  };
  return (
    <div className={css.tools}>
      <NameSearch ref={search} className={css.search} text={text} setText={setText} onKeyDown={onKeyDown} />
      <fieldset className={css.filters}>
        <legend>{t("roll.filter")}</legend>
        {FILTERS.map((one) => (
          <label key={one}>
            <input type="radio" name="roll-filter" checked={one === filter} onChange={() => setFilter(one)} />
            <span>{t(`roll.filters.${one}`)}</span>
          </label>
        ))}
      </fieldset>
      <Views {...shown} />
    </div>
  );
}

function Views({ view, setView, setStanding }: Pick<ToolsProps, "view" | "setView" | "setStanding">) {
  const { t } = useTranslation();
  const other = view === "grid" ? "list" : "grid";
  return (
    <div className={css.views}>
      <ActionIcon
        className={css.viewChoice}
        aria-label={t(`roll.as.${other}`)}
        onClick={() => setView(other)}
      >
        <Icon name={other === "grid" ? "layout-grid" : "list"} />
      </ActionIcon>
      <ActionIcon aria-label={t("roll.large")} onClick={() => setStanding("large")}>
        <Icon name="maximize" />
      </ActionIcon>
      <ActionIcon
        className={css.keysChoice}
        aria-label={t("roll.keys.title")}
        onClick={() => setStanding("keys")}
      >
        <Icon name="keyboard" />
      </ActionIcon>
    </div>
  );
}
