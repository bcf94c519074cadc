import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Form } from "../parts/form.tsx";
import { changePassword } from "../session.ts";
import css from "./account.module.css";

const FIELDS = { password: "password", newPassword: "newPassword" } as const;

/** Another password; every other device is signed out by it. */
export function PasswordForm({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={css.panel}>
      <p>{t("account.passwordLead")}</p>
      <Form
        wants={FIELDS}
        send={({ password, newPassword }) => changePassword(password, newPassword)}
        label={t("account.changePassword")}
        done={t("account.passwordChanged")}
        cancel={close}
      >
        {(faults) => (
          <>
            <PasswordInput
              name="password"
              label={t("account.present")}
              autoComplete="current-password"
              autoFocus
              error={faults.password}
            />
            <PasswordInput
              name="newPassword"
              label={t("account.newPassword")}
              description={t("sign.passwordHint")}
              autoComplete="new-password"
              error={faults.newPassword}
            />
          </>
        )}
      </Form>
    </div>
  );
}
