import { Button, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ways } from "../api/account.ts";
import { EmailInput } from "../parts/email-input.tsx";
import { Form } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Page } from "../parts/page.tsx";
import { Link, pathOf } from "../router.tsx";
import { signIn } from "../session.ts";
import { Notice } from "./notice.tsx";
import css from "./sign-in.module.css";

/** By the school's own sign-in, by email and password, or either, as this server is set up. */
export function SignIn({ lost }: { readonly lost: boolean }) {
  const { t } = useTranslation();
  const query = useQuery(ways());
  return (
    <Loaded query={query}>
      {({ password, elsewhere }) => (
        <Page title={t("sign.in")} lead={lost ? t("sign.lost") : t("sign.inLead")} narrow>
          <Notice />
          {elsewhere && <Elsewhere start={elsewhere} />}
          {elsewhere && password && <p className={css.other}>{t("sign.or")}</p>}
          {password && <ByPassword />}
        </Page>
      )}
    </Loaded>
  );
}

/** Leads to the school's own service, and back to where one is now. */
function Elsewhere({ start }: { readonly start: string }) {
  const { t } = useTranslation();
  const returnTo = location.pathname + location.search;
  return (
    <Button component="a" href={`${start}?${new URLSearchParams({ returnTo })}`} fullWidth>
      {t("sign.elsewhere")}
    </Button>
  );
}

const FIELDS = { email: "email", password: "password" } as const;

function ByPassword() {
  const { t } = useTranslation();
  return (
    <>
      <Form wants={FIELDS} send={({ email, password }) => signIn(email, password)} label={t("sign.in")}>
        {(faults) => (
          <>
            <EmailInput error={faults.email} />
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
    </>
  );
}
