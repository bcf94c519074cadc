import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, Rows, Section } from "../parts/list.tsx";
import { Page } from "../parts/page.tsx";
import { pathOf } from "../router.tsx";
import { signOut } from "../session.ts";
import type { ScreenProps } from "../signed-in.tsx";

/** Who one is here, and the way out. */
export default function Account({ me }: ScreenProps) {
  const { t } = useTranslation();
  const leave = (
    <Button variant="default" onClick={() => void signOut()}>
      {t("sign.out")}
    </Button>
  );
  return (
    <Page title={t("nav.account")} back={{ href: pathOf("home"), label: t("nav.home") }} actions={leave}>
      <Section title={t("account.profile")}>
        <Rows>
          <Row title={t("sign.name")} end={me.name} />
          <Row title={t("sign.email")} end={me.email} />
          <Row title={t("account.role")} end={t(`sign.${me.role}`)} />
        </Rows>
      </Section>
    </Page>
  );
}
