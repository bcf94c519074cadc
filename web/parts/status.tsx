import { Icon, type IconName } from "./icon.tsx";
import css from "./status.module.css";

export type StatusShown = "present" | "absent" | "unmarked";

const SHAPES: Readonly<Record<StatusShown, IconName>> = { present: "check", absent: "x", unmarked: "point" };

interface StatusProps {
  readonly status: StatusShown;
  /** `tile` stands in a corner, `row` beside a line, `card` is seen from afar. */
  readonly size?: "tile" | "row" | "card";
}

/** A status as its shape in its colour; the word stands beside it. */
export function StatusShape({ status, size = "row" }: StatusProps) {
  return (
    <span className={css.shape} data-status={status} data-size={size}>
      <Icon name={SHAPES[status]} stroke={2.25} />
    </span>
  );
}
