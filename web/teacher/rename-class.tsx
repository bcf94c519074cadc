import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClassWithStudents, renameClass } from "../api/classes.ts";
import { Failure } from "../errors/failure.tsx";
import css from "./teacher.module.css";

interface RenameClassProps {
  readonly its: ClassWithStudents;
  readonly close: () => void;
}

/** Another name for the class. */
export function RenameClass({ its, close }: RenameClassProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(its.className);
  const renaming = useMutation({ mutationFn: () => renameClass(its._id, name.trim()), onSuccess: close });
  return (
    <form
      className={css.panel}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") renaming.mutate();
      }}
    >
      <TextInput
        data-autofocus
        autoFocus
        label={t("class.name")}
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Failure error={renaming.error} />
      <div className={css.buttons}>
        <Button type="submit" loading={renaming.isPending} disabled={name.trim() === ""}>
          {t("class.saveName")}
        </Button>
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
