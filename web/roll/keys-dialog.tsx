import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/dialog.tsx";
import css from "./bars.module.css";

const KEYS = [
  ["← ↑ → ↓", "move"],
  ["P", "present"],
  ["A", "absent"],
  ["U", "undo"],
  ["/", "search"],
  ["Enter", "first"],
  ["Esc", "clear"],
  ["?", "title"],
] as const;

/** What can be done by keyboard. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t("roll.keys.title")}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("roll.close")}</Button>}
    >
      <dl className={css.keys}>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd className={css.key}>{key}</kbd>
            </dt>
            <dd>{t(`roll.keys.${does}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
