import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Code } from "../api/admin.ts";
import { useTimes } from "../parts/time.ts";
import css from "./admin.module.css";

interface CodeLinkProps {
  readonly code: Code;
  /** Whom to give it to. */
  readonly words: string;
}

/** A link with a one-time code, to be copied and given to one person; it is shown this once. */
export function CodeLink({ code, words }: CodeLinkProps) {
  const { t } = useTranslation();
  const { moment } = useTimes();
  const [copied, setCopied] = useState(false);
  const link = location.origin + code.path;
  return (
    <div className={css.link}>
      <TextInput
        readOnly
        label={words}
        description={t("admin.once", { when: moment(Date.parse(code.expiresAt)) })}
        value={link}
        onFocus={({ currentTarget }) => currentTarget.select()}
        className={css.grows}
      />
      <Button
        variant="default"
        onClick={() => void navigator.clipboard?.writeText(link).then(() => setCopied(true))}
      >
        {copied ? t("admin.copied") : t("admin.copy")}
      </Button>
    </div>
  );
}
