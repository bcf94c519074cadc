import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createClass } from "../api/classes.ts";
import { Failure } from "../errors/failure.tsx";
import css from "./teacher.module.css";

/** A name and a button. */
export function NewClass() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const creating = useMutation({ mutationFn: createClass, onSuccess: () => setName("") });
  return (
    <form
      className={css.line}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") creating.mutate(name.trim());
      }}
    >
      <TextInput
        label={t("class.newName")}
        placeholder={t("class.example")}
        value={name}
        maxLength={200}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        className={css.grows}
      />
      <Button type="submit" loading={creating.isPending} disabled={name.trim() === ""}>
        {t("class.create")}
      </Button>
      <Failure error={creating.error} />
    </form>
  );
}
