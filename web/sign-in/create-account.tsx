import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../errors/failure.tsx";
import { Choice } from "../parts/choice.tsx";
import { Page } from "../parts/page.tsx";
import { go, Link, pathOf } from "../router.tsx";
import { signUp } from "../session.ts";
import { fieldsOf, useChecked } from "./fields.ts";
import css from "./sign-in.module.css";

const ROLES = ["student", "teacher"] as const;
const FIELDS = ["name", "email", "password"] as const;

/** An account of a teacher or a student, which one is in at once. */
export function CreateAccount() {
  const { t } = useTranslation();
  const { faults, check } = useChecked(FIELDS, { newPassword: true });
  const [role, setRole] = useState<(typeof ROLES)[number]>("student");
  const creating = useMutation({
    mutationFn: (given: Record<(typeof FIELDS)[number], string>) => signUp({ ...given, role }),
    onSuccess: () => go(pathOf("home"), { replace: true }),
  });
  return (
    <Page title={t("sign.create")} lead={t("sign.createLead")} narrow>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          const given = fieldsOf(event.currentTarget, FIELDS);
          if (check(given, event.currentTarget)) creating.mutate(given);
        }}
      >
        <Choice
          legend={t("sign.role")}
          name="role"
          options={ROLES.map((value) => ({ value, label: t(`sign.${value}`) }))}
          value={role}
          onChange={setRole}
        />
        <TextInput
          name="name"
          label={t("sign.name")}
          description={t("sign.nameHint")}
          autoComplete="name"
          error={faults.name}
        />
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
          description={t("sign.passwordHint")}
          autoComplete="new-password"
          error={faults.password}
        />
        <Failure error={creating.error} />
        <Button type="submit" loading={creating.isPending} fullWidth>
          {t("sign.create")}
        </Button>
      </form>
      <p className={css.other}>
        {t("sign.haveAccount")} <Link href={pathOf("signIn")}>{t("sign.in")}</Link>
      </p>
    </Page>
  );
}
