import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { resetPassword } from "../api/account.ts";
import { Form } from "../parts/form.tsx";
import { Page } from "../parts/page.tsx";
import { Link, pathOf } from "../router.tsx";
import css from "./sign-in.module.css";

const FIELDS = { newPassword: "newPassword" } as const;

/** A new password by the link that an administrator made: its code stands behind the #, which no server is sent. */
export default function Reset() {
  const { t } = useTranslation();
  const [code] = useState(() => decodeURIComponent(location.hash.slice(1)));
  return (
    <Page title={t("reset.title")} lead={t("reset.lead")} narrow>
      <Form
        wants={FIELDS}
        send={({ newPassword }) => resetPassword(code, newPassword)}
        label={t("reset.do")}
        done={t("reset.done")}
      >
        {(faults) => (
          <PasswordInput
            name="newPassword"
            label={t("account.newPassword")}
            description={t("sign.passwordHint")}
            autoComplete="new-password"
            error={faults.newPassword}
          />
        )}
      </Form>
      <p className={css.other}>
        <Link href={pathOf("signIn")}>{t("sign.in")}</Link>
      </p>
    </Page>
  );
}
