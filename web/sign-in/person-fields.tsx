import { PasswordInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { EmailInput } from "../parts/email-input.tsx";

/** What every new account is made of, for a form. */
export const PERSON = { name: "text", email: "email", password: "newPassword" } as const;

type Faults = Partial<Record<keyof typeof PERSON, string>>;

/** Name, email and a new password. */
export function PersonFields({ faults }: { readonly faults: Faults }) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        name="name"
        label={t("sign.name")}
        description={t("sign.nameHint")}
        autoComplete="name"
        maxLength={200}
        error={faults.name}
      />
      <EmailInput error={faults.email} />
      <PasswordInput
        name="password"
        label={t("sign.password")}
        description={t("sign.passwordHint")}
        autoComplete="new-password"
        error={faults.password}
      />
    </>
  );
}
