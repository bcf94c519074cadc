import { TextInput } from "@mantine/core";
import type { KeyboardEvent, Ref } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";

interface NameSearchProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly className?: string | undefined;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** Where a name is looked for among the students. */
export function NameSearch({ text, setText, ...rest }: NameSearchProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      {...rest}
      type="search"
      aria-label={t("roll.search")}
      placeholder={t("roll.search")}
      leftSection={<Icon name="search" />}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
}
