import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure } from "../errors/failure.tsx";
import { Page } from "../parts/page.tsx";
import { Link, pathOf } from "../router.tsx";
import { signIn } from "../session.ts";
import { fieldsOf, useChecked } from "./fields.ts";
import css from "./sign-in.module.css";

/** Email and password. */
export function SignIn({ lost }: { readonly lost: boolean }) {
  const { t } = useTranslation();
  const { faults, check } = useChecked(["email", "password"]);
  const entering = useMutation({
    mutationFn: ({ email, password }: Record<"email" | "password", string>) => signIn(email, password),
  });
  return (
    <Page title={t("sign.in")} lead={lost ? t("sign.lost") : t("sign.inLead")} narrow>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          const given = fieldsOf(event.currentTarget, ["email", "password"]);
          if (check(given, event.currentTarget)) entering.mutate(given);
        }}
      >
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
        <Failure error={entering.error} />
        <Button type="submit" loading={entering.isPending} fullWidth>
          {t("sign.in")}
        </Button>
      </form>
      <p className={css.other}>
        {t("sign.noAccount")} <Link href={pathOf("createAccount")}>{t("sign.create")}</Link>
      </p>
    </Page>
  );
}
