import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure } from "../errors/failure.tsx";
import { Facts, Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { pathOf } from "../router.tsx";
import { signOut } from "../session.ts";
import type { ScreenProps } from "../signed-in.tsx";

/** Who one is here, and the way out. */
export default function Account({ me }: ScreenProps) {
  const { t } = useTranslation();
  const leaving = useMutation({ mutationFn: signOut });
  const leave = (
    <Button variant="default" loading={leaving.isPending} onClick={() => leaving.mutate()}>
      {t("sign.out")}
    </Button>
  );
  return (
    <Page title={t("nav.account")} back={{ href: pathOf("home"), label: t("nav.home") }} actions={leave}>
      <Failure error={leaving.error} />
      <Section title={t("account.profile")}>
        <Facts
          facts={[
            [t("sign.name"), me.name ?? "–"],
            [t("sign.email"), me.email ?? "–"],
            [t("account.role"), t(`sign.${me.role}`)],
          ]}
        />
      </Section>
    </Page>
  );
}
