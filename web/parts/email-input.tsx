import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface EmailInputProps {
  readonly error: string | undefined;
  /** What stands in it at first. */
  readonly given?: string;
}

/** The email of an account, by which one signs in. */
export function EmailInput({ error, given = "" }: EmailInputProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      name="email"
      type="email"
      label={t("sign.email")}
      autoComplete="username"
      inputMode="email"
      defaultValue={given}
      error={error}
    />
  );
}
