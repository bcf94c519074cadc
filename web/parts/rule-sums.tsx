import { useTranslation } from "react-i18next";
import type { PresenceRule } from "../api/presence.ts";
import { useLength } from "./timeline.tsx";

type Measure =
  | Pick<Extract<PresenceRule, { kind: "share" }>, "kind" | "percent">
  | Pick<Extract<PresenceRule, { kind: "minutes" }>, "kind" | "minutes">;

interface RuleSumsProps {
  readonly measure: Measure;
  readonly sessionMs: number;
  readonly neededMs: number;
  /** What is said of them: while the session runs, or of one that has ended. */
  readonly words: "rule.needed" | "held.rule" | "held.proposed";
}

/** How long a session is, and what a rule asks for in it. */
export function RuleSums({ measure, sessionMs, neededMs, words }: RuleSumsProps) {
  const { t } = useTranslation();
  const length = useLength();
  const isShortened = neededMs + 1000 < askedOf(measure, sessionMs);
  return (
    <p>
      {t(words, {
        measure: t(`rule.${measure.kind}Of`, { count: countOf(measure) }),
        of: length(sessionMs),
        needed: length(neededMs, "needed"),
      })}
      {isShortened && ` ${t("rule.shortened")}`}
    </p>
  );
}

/** What the words of a measure count. */
export const countOf = (measure: Measure): number =>
  measure.kind === "share" ? measure.percent : measure.minutes;

const askedOf = (measure: Measure, sessionMs: number): number =>
  measure.kind === "share" ? (sessionMs * measure.percent) / 100 : measure.minutes * 60_000;
