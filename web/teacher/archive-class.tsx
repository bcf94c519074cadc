import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { archiveClass, type ClassWithStudents } from "../api/classes.ts";
import { Failure } from "../errors/failure.tsx";
import { go, pathOf } from "../router.tsx";
import css from "./teacher.module.css";

interface ArchiveClassProps {
  readonly its: ClassWithStudents;
  /** Its session runs, and ends with it. */
  readonly runs: boolean;
  readonly close: () => void;
}

/** Asks first, for there is no way back, and says what becomes of the records. */
export function ArchiveClass({ its, runs, close }: ArchiveClassProps) {
  const { t } = useTranslation();
  const archiving = useMutation({
    mutationFn: () => archiveClass(its._id),
    onSuccess: () => go(pathOf("home"), { replace: true }),
  });
  return (
    <section className={css.panel} aria-label={t("class.archive")}>
      <p>{t("class.archiveAsk", { name: its.className })}</p>
      {runs && <p>{t("class.archiveRuns")}</p>}
      <Failure error={archiving.error} />
      <div className={css.buttons}>
        <Button autoFocus loading={archiving.isPending} onClick={() => archiving.mutate()}>
          {t("class.archiveDo")}
        </Button>
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
      </div>
    </section>
  );
}
