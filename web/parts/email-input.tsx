import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The email of an account, by which one signs in. */
export function EmailInput({ error }: { readonly error: string | undefined }) {
  const { t } = useTranslation();
  return (
    <TextInput
      name="email"
      type="email"
      label={t("sign.email")}
      autoComplete="username"
      inputMode="email"
      error={error}
    />
  );
}
