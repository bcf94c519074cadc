import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../parts/choice.tsx";
import { Form } from "../parts/form.tsx";
import { Page } from "../parts/page.tsx";
import { go, Link, pathOf } from "../router.tsx";
import { signUp } from "../session.ts";
import { PERSON, PersonFields } from "./person-fields.tsx";
import css from "./sign-in.module.css";

const ROLES = ["student", "teacher"] as const;
const FIELDS = { ...PERSON, invitation: "anything" } as const;

/** An account of a teacher or a student, which one is in at once; an invitation comes behind the # of its link. */
export default function CreateAccount() {
  const { t } = useTranslation();
  const [invitation] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [role, setRole] = useState<(typeof ROLES)[number]>(invitation ? "teacher" : "student");
  return (
    <Page title={t("sign.create")} lead={t("sign.createLead")} narrow>
      <Form
        wants={FIELDS}
        send={async (given) => {
          await signUp({ ...given, role });
          go(pathOf("home"), { replace: true });
        }}
        label={t("sign.create")}
      >
        {(faults) => (
          <>
            <Choice
              legend={t("sign.role")}
              name="role"
              options={ROLES.map((value) => ({ value, label: t(`sign.${value}`) }))}
              value={role}
              onChange={setRole}
            />
            <PersonFields faults={faults} />
            {role === "teacher" && (
              <TextInput
                name="invitation"
                label={t("sign.invitation")}
                description={t("sign.invitationHint")}
                defaultValue={invitation}
                autoComplete="off"
                maxLength={256}
              />
            )}
          </>
        )}
      </Form>
      <p className={css.other}>
        {t("sign.haveAccount")} <Link href={pathOf("signIn")}>{t("sign.in")}</Link>
      </p>
    </Page>
  );
}
