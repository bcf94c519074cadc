import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { invite } from "../api/admin.ts";
import { Failure } from "../errors/failure.tsx";
import css from "./admin.module.css";
import { CodeLink } from "./code-link.tsx";

/** A link by which one person signs up as a teacher. */
export function Invite() {
  const { t } = useTranslation();
  const inviting = useMutation({ mutationFn: invite });
  return (
    <div className={css.stack}>
      <p>{t("admin.inviteLead")}</p>
      <div>
        <Button variant="default" loading={inviting.isPending} onClick={() => inviting.mutate()}>
          {t("admin.invite")}
        </Button>
      </div>
      <Failure error={inviting.error} />
      {inviting.data && <CodeLink code={inviting.data} words={t("admin.inviteGive")} />}
    </div>
  );
}
