import { useState } from "react";
import { useTranslation } from "react-i18next";

type Field = "name" | "email" | "password";

const PASSWORD_MIN = 6;

/** What was typed into the named fields of a form. */
export function fieldsOf<F extends string>(form: HTMLFormElement, names: readonly F[]): Record<F, string> {
  const data = new FormData(form);
  const typed = Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "")]));
  return typed as Record<F, string>;
}

/** Says what is wrong with what was typed, before the server has to; the first wrong field gets the focus. */
export function useChecked<F extends Field>(names: readonly F[], { newPassword = false } = {}) {
  const { t } = useTranslation();
  const [faults, setFaults] = useState<Partial<Record<Field, string>>>({});
  const faultOf = (name: Field, text: string): string | null => {
    if (text.trim() === "") return t("field.needed");
    if (name === "email" && !/^\S+@\S+\.\S+$/.test(text.trim())) return t("field.email");
    return name === "password" && newPassword && text.length < PASSWORD_MIN ? t("field.short") : null;
  };
  const check = (given: Record<F, string>, form: HTMLFormElement): boolean => {
    const found = names.flatMap((name) => {
      const fault = faultOf(name, given[name]);
      return fault ? [[name, fault] as const] : [];
    });
    setFaults(Object.fromEntries(found));
    const [first] = found;
    if (first) form.querySelector<HTMLInputElement>(`[name="${first[0]}"]`)?.focus();
    return found.length === 0;
  };
  return { faults, check };
}
