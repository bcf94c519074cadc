import { useTranslation } from "react-i18next";

/** Refusals that have words of their own. */
const REASONS = {
  "no-active-session": "ended",
  "student-not-enrolled": "notEnrolled",
  "nothing-to-undo": "nothingToUndo",
  "could-not-save": "notSaved",
  internal: "notSaved",
  "not-class-teacher": "notYours",
  "teacher-only": "notYours",
  "class-not-found": "gone",
} as const;

const isKnown = (code: string): code is keyof typeof REASONS => code in REASONS;

/** Why something was refused, in words. */
export function useReason(): (code: string) => string {
  const { t } = useTranslation();
  return (code) => t(`roll.reason.${isKnown(code) ? REASONS[code] : "other"}`);
}
