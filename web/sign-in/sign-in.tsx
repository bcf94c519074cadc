import { PasswordInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Form } from "../parts/form.tsx";
import { Page } from "../parts/page.tsx";
import { Link, pathOf } from "../router.tsx";
import { signIn } from "../session.ts";
import { Notice } from "./notice.tsx";
import css from "./sign-in.module.css";

const FIELDS = { email: "email", password: "password" } as const;

/** Email and password. */
export function SignIn({ lost }: { readonly lost: boolean }) {
  const { t } = useTranslation();
  return (
    <Page title={t("sign.in")} lead={lost ? t("sign.lost") : t("sign.inLead")} narrow>
      <Notice />
      <Form wants={FIELDS} send={({ email, password }) => signIn(email, password)} label={t("sign.in")}>
        {(faults) => (
          <>
            <TextInput
              name="email"
              type="email"
              label={t("sign.email")}
              autoComplete="username"
              inputMode="email"
              error={faults.email}
            />
            <PasswordInput
              name="password"
              label={t("sign.password")}
              autoComplete="current-password"
              error={faults.password}
            />
          </>
        )}
      </Form>
      <p className={css.other}>
        {t("sign.noAccount")} <Link href={pathOf("createAccount")}>{t("sign.create")}</Link>
      </p>
    </Page>
  );
}
