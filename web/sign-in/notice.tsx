import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { setUpState } from "../api/account.ts";
import { Link, pathOf } from "../router.tsx";
import css from "./sign-in.module.css";

/** Says that the server has no administrator yet, for whoever has just started it. */
export function Notice() {
  const { t } = useTranslation();
  const { data } = useQuery(setUpState());
  if (!data?.open) return null;
  return (
    <p className={css.notice}>
      {t("setUp.notice")} <Link href={pathOf("setUp")}>{t("setUp.title")}</Link>
    </p>
  );
}
