import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../errors/failure.tsx";
import css from "./form.module.css";

/** What a field wants of what is typed into it. */
export type Want = "text" | "email" | "password" | "newPassword" | "anything";

type Wants<F extends string> = Readonly<Record<F, Want>>;

interface FormProps<F extends string> {
  /** The fields by their names, with what each wants. */
  readonly wants: Wants<F>;
  readonly send: (given: Record<F, string>) => Promise<unknown>;
  /** What its button says. */
  readonly label: string;
  /** What is said once it was sent; without it nothing is, for the form is gone by then. */
  readonly done?: string;
  readonly cancel?: () => void;
  /** The fields; each is told what is wrong with it. */
  readonly children: (faults: Partial<Record<F, string>>) => ReactNode;
}

/** A form that says what is wrong before the server has to, shows that it is being sent, and why it was refused. */
export function Form<F extends string>({ wants, send, label, done, cancel, children }: FormProps<F>) {
  const { t } = useTranslation();
  const { faults, check } = useChecked(wants);
  const sending = useMutation({ mutationFn: send });
  return (
    <form
      noValidate
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const given = check(form);
        if (given) sending.mutate(given, { onSuccess: () => form.reset() });
      }}
    >
      {children(faults)}
      <Failure error={sending.error} />
      <div className={css.buttons}>
        <Button type="submit" loading={sending.isPending} fullWidth={!cancel}>
          {label}
        </Button>
        {cancel && (
          <Button variant="default" onClick={cancel}>
            {t("cancel")}
          </Button>
        )}
      </div>
      <p role="status" className={css.done}>
        {sending.isSuccess && done}
      </p>
    </form>
  );
}

const PASSWORD_MIN = 6;

function useChecked<F extends string>(wants: Wants<F>) {
  const { t } = useTranslation();
  const [faults, setFaults] = useState<Partial<Record<F, string>>>({});
  const names = namesOf(wants);
  const faultOf = (want: Want, text: string): string | null => {
    if (want === "anything") return null;
    if (text.trim() === "") return t("field.needed");
    if (want === "email" && !/^\S+@\S+\.\S+$/.test(text.trim())) return t("field.email");
    return want === "newPassword" && text.length < PASSWORD_MIN ? t("field.short") : null;
  };
  /** What was typed, or null where something is wrong: then the first wrong field has the focus. */
  const check = (form: HTMLFormElement): Record<F, string> | null => {
    const given = typedInto(form, names);
    const found: Partial<Record<F, string>> = {};
    for (const name of names) {
      const fault = faultOf(wants[name], given[name]);
      if (fault) found[name] = fault;
    }
    setFaults(found);
    const first = names.find((name) => found[name] !== undefined);
    if (first) form.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    return first ? null : given;
  };
  return { faults, check };
}

const namesOf = <F extends string>(wants: Wants<F>) => Object.keys(wants) as F[];

/** What was typed into the named fields; this parses the form's own words. */
function typedInto<F extends string>(form: HTMLFormElement, names: readonly F[]): Record<F, string> {
  const data = new FormData(form);
  return Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "")])) as Record<F, string>;
}
