import { PasswordInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { changeAccount } from "../api/account.ts";
import { Form } from "../parts/form.tsx";
import type { Me } from "../session.ts";
import css from "./account.module.css";

interface ProfileFormProps {
  readonly me: Me;
  readonly close: () => void;
}

const FIELDS = { name: "text", email: "email", password: "password" } as const;

/** Another name or email; the password is asked again. */
export function ProfileForm({ me, close }: ProfileFormProps) {
  const { t } = useTranslation();
  return (
    <div className={css.panel}>
      <Form
        wants={FIELDS}
        send={async (given) => {
          await changeAccount(given);
          close();
        }}
        label={t("account.save")}
        cancel={close}
      >
        {(faults) => (
          <>
            <TextInput
              name="name"
              label={t("sign.name")}
              autoComplete="name"
              autoFocus
              defaultValue={me.name ?? ""}
              maxLength={200}
              error={faults.name}
            />
            <TextInput
              name="email"
              type="email"
              label={t("sign.email")}
              autoComplete="username"
              defaultValue={me.email ?? ""}
              error={faults.email}
            />
            <PasswordInput
              name="password"
              label={t("account.present")}
              autoComplete="current-password"
              error={faults.password}
            />
          </>
        )}
      </Form>
    </div>
  );
}
