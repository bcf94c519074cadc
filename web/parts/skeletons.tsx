import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import pageCss from "./page.module.css";
import css from "./skeletons.module.css";

/** A page that is on its way, of about its size. */
export function PageSkeleton() {
  return (
    <div className={pageCss.page}>
      <Skeleton height={36} width="50%" />
      <RowsSkeleton />
    </div>
  );
}

/** A list that is on its way. */
export function RowsSkeleton({ rows = 3 }: { readonly rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.rows} role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} height={72} />
      ))}
    </div>
  );
}
