import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../errors/failure.tsx";
import { Facts, Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { pathOf } from "../router.tsx";
import type { ScreenProps } from "../screens.ts";
import { signOut } from "../session.ts";
import { Browsers } from "./browsers.tsx";
import { PasswordForm } from "./password-form.tsx";
import { ProfileForm } from "./profile-form.tsx";

/** Who one is here, one's password, where one is signed in, and the way out. */
export default function Account({ me }: ScreenProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"profile" | "password" | null>(null);
  const leaving = useMutation({ mutationFn: signOut });
  const close = () => setOpen(null);
  return (
    <Page
      title={t("nav.account")}
      back={{ href: pathOf("home"), label: t("nav.home") }}
      actions={
        <Button variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
          {t("sign.out")}
        </Button>
      }
    >
      <Failure error={leaving.error} />
      <Section title={t("account.profile")}>
        <Facts
          facts={[
            [t("sign.name"), me.name ?? "–"],
            [t("sign.email"), me.email ?? "–"],
            [t("account.role"), t(`sign.${me.role}`)],
          ]}
        />
        {open === "profile" ? (
          <ProfileForm me={me} close={close} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setOpen("profile")}>
              {t("account.change")}
            </Button>
          </div>
        )}
      </Section>
      <Section title={t("sign.password")}>
        {open === "password" ? (
          <PasswordForm close={close} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setOpen("password")}>
              {t("account.changePassword")}
            </Button>
          </div>
        )}
      </Section>
      <Browsers />
    </Page>
  );
}
