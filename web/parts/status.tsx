import { Icon, type IconName } from "./icon.tsx";
import css from "./status.module.css";

export type StatusShown = "present" | "absent" | "unmarked";

const SHAPES: Readonly<Record<StatusShown, IconName>> = { present: "check", absent: "x", unmarked: "point" };

interface StatusProps {
  readonly status: StatusShown;
  readonly size?: number;
}

/** A status as its shape in its colour; the word stands beside it. */
export function StatusShape({ status, size = 40 }: StatusProps) {
  return (
    <span className={css.shape} data-status={status} style={{ width: size, height: size }}>
      <Icon name={SHAPES[status]} size={Math.round(size * 0.6)} stroke={2.25} />
    </span>
  );
}
