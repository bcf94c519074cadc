import { useTranslation } from "react-i18next";
import { useTimes } from "./time.ts";
import css from "./timeline.module.css";

type Witness = "socket" | "webhook" | "list" | "last-sign-of-life" | "end";

interface Span {
  readonly from: string;
  readonly fromBy: Witness;
  readonly to: string | null;
  readonly toBy: Witness | null;
  readonly bridged: readonly { readonly from: string; readonly to: string }[];
}

interface TimelineProps {
  /** The session, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly inRoomMs: number;
  readonly intervals: readonly Span[];
}

const WIDTH = 1000;
const HEIGHT = 16;

/** Somebody's time in the room of a session: a picture of it, its minutes, and the same in words. */
export function Timeline({ from, to, inRoomMs, intervals }: TimelineProps) {
  const { t } = useTranslation();
  const { exact } = useTimes();
  const length = useLength();
  const whole = Math.max(1, to - from);
  const at = (time: string | null) => {
    const part = ((time === null ? to : Date.parse(time)) - from) / whole;
    return Math.min(1, Math.max(0, part)) * WIDTH;
  };
  const said = t("time.inRoomOf", { minutes: length(inRoomMs), of: length(whole) });
  const when = (time: string) => exact(Date.parse(time));
  const came = ({ from: at, fromBy }: Span) => `${when(at)} ${t(`time.from.${fromBy}`)}`;
  const went = ({ to: at, toBy }: Span) =>
    at === null ? t("time.now") : `${when(at)} ${t(`time.to.${toBy ?? "end"}`)}`;
  return (
    <details className={css.timeline}>
      <summary>
        <span className={css.said}>{said}</span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <rect className={css.session} width={WIDTH} height={HEIGHT} />
          {intervals.map((span) => (
            <Bar key={span.from} from={at(span.from)} to={at(span.to)} className={css.here} />
          ))}
          {intervals
            .flatMap(({ bridged }) => bridged)
            .map((gap) => (
              <Bar key={gap.from} from={at(gap.from)} to={at(gap.to)} className={css.bridged} />
            ))}
        </svg>
      </summary>
      <ol>
        {intervals.map((span) => (
          <li key={span.from}>
            {came(span)} – {went(span)}
            {span.bridged.map((gap) => (
              <p key={gap.from} className={css.gap}>
                {t("time.gap", { from: when(gap.from), to: when(gap.to) })}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </details>
  );
}

interface BarProps {
  readonly from: number;
  readonly to: number;
  readonly className: string | undefined;
}

/** However short, it is seen. */
const Bar = ({ from, to, className }: BarProps) => (
  <rect className={className} x={from} width={Math.max(2, to - from)} height={HEIGHT} />
);

/** Puts a length of time into words: whole minutes, and less than one as such. */
export function useMinutes(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const count = Math.round(ms / 60_000);
    return count === 0 && ms > 0 ? t("time.underOne") : t("time.minutes", { count });
  };
}

/**
 * Puts a length of time into words to the second, for whoever wants to check a sum: what was is cut to whole seconds,
 * and what is `needed` is rounded up, so that no two that differ read as if they did not.
 */
export function useLength(): (ms: number, is?: "needed") => string {
  const { t } = useTranslation();
  return (ms, is) => {
    const all = is === "needed" ? Math.ceil(ms / 1000) : Math.floor(ms / 1000);
    const [minutes, seconds] = [Math.floor(all / 60), all % 60];
    return minutes === 0 ? t("time.seconds", { seconds }) : t("time.length", { minutes, seconds });
  };
}
