import { useTranslation } from "react-i18next";
import { ApiError, errorKind } from "../api/error.ts";
import { Icon } from "../parts/icon.tsx";
import css from "./errors.module.css";

/** Why what was just asked did not happen, beside where it was asked; nothing where there is no error. */
export function Failure({ error }: { readonly error: unknown }) {
  const words = useFailureWords();
  if (!error) return null;
  return (
    <p className={css.failure} role="alert">
      <Icon name="alert-triangle" />
      <span>{words(error)}</span>
    </p>
  );
}

function useFailureWords(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    const refusal = error instanceof ApiError ? error.refusal : null;
    if (refusal) return t(`refusal.${refusal}`);
    const kind = errorKind(error);
    return `${t(`error.${kind}.title`)}. ${t(`error.${kind}.text`)}`;
  };
}
